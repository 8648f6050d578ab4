import { log } from "../base/log.ts";
import type { Clock } from "../host/clock.ts";
import { isPassing, type KafkaFault } from "./kafka_fault.ts";

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;
/** An outage that is over sooner is not worth a line. */
const WORTH_TELLING_MS = 1000;

/** Asks a cluster again and again while it cannot be reached, and says so, once. */
export class Outage {
  readonly #name: string;
  readonly #clock: Clock;
  #since: number | undefined;
  #isTold = false;

  /** @param name What cannot be reached, for people. */
  constructor(name: string, clock: Clock) {
    this.#name = name;
    this.#clock = clock;
  }

  /**
   * Asks until there is an answer.
   *
   * @param isOver Tells that nobody waits for the answer any more.
   * @throws {KafkaFault} What will not pass, or the last one when it is over.
   */
  async patiently<T>(ask: () => Promise<T>, isOver: () => boolean = () => false): Promise<T> {
    let pause = FIRST_PAUSE_MS;
    for (;;) {
      try {
        const answer = await ask();
        this.end();
        return answer;
      } catch (error) {
        if (!isPassing(error) || isOver()) throw error;
        this.begin(error);
      }
      await this.pause(pause);
      pause = Math.min(LONGEST_PAUSE_MS, 2 * pause);
    }
  }

  /** Something has failed. */
  begin(fault: KafkaFault): void {
    const now = this.#clock.now();
    this.#since ??= now;
    if (this.#isTold || now - this.#since < WORTH_TELLING_MS) return;
    this.#isTold = true;
    log("warn", `Cannot reach ${this.#name} at the moment, trying again: ${fault.message}`);
  }

  /** Something has gone well. */
  end(): void {
    if (this.#isTold && this.#since !== undefined) {
      const seconds = Math.round((this.#clock.now() - this.#since) / 1000);
      log("info", `${this.#name} can be reached again, after ${seconds} s`);
    }
    this.#since = undefined;
    this.#isTold = false;
  }

  /** Waits a while. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(ms, resolve);
    });
  }
}
