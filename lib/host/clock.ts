import { clearImmediate, setImmediate } from "node:timers";

/** Time as the stream sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
  /**
   * Calls back once after so many milliseconds; with 0, after one turn of the event loop, in which everything
   * that is ready to be read arrives.
   *
   * @returns Cancels the call.
   */
  after(ms: number, callback: () => void): () => void;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    if (ms <= 0) {
      const immediate = setImmediate(callback);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
