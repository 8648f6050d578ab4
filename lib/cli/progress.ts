import { stderrIsTerminal, writeStderr } from "../host/terminal.ts";
import { formatBytes, formatCount } from "./text.ts";

const INTERVAL_MS = 200;

/** One line on a terminal that says how far a run is; silent where standard error is no terminal. */
export class Progress {
  readonly #size: number | undefined;
  readonly #start = performance.now();
  readonly #shown = stderrIsTerminal();
  #last = 0;

  /** @param size Bytes of the input, if known. */
  constructor(size: number | undefined) {
    this.#size = size;
  }

  /** Shows how far the run is, at most a few times a second. */
  show({ read, failed, bytesRead }: { read: number; failed: number; bytesRead: number }): void {
    const now = performance.now();
    if (!this.#shown || now - this.#last < INTERVAL_MS) return;
    this.#last = now;
    const seconds = (now - this.#start) / 1000;
    const parts = [`${formatCount(read)} events`, `${formatCount(read / seconds)}/s`];
    if (failed > 0) parts.push(`${formatCount(failed)} failed`);
    if (this.#size !== undefined && this.#size > 0 && bytesRead > 0) {
      const share = Math.min(1, bytesRead / this.#size);
      parts.push(`${Math.floor(100 * share)} % of ${formatBytes(this.#size)}`);
      parts.push(`${Math.ceil((seconds * (1 - share)) / share)} s left`);
    }
    writeStderr(`\r\x1b[K${parts.join("  ")}`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown && this.#last > 0) writeStderr("\r\x1b[K");
  }
}

/** One line on a terminal that says what is being done; silent where standard error is no terminal. */
export class Line {
  readonly #shown = stderrIsTerminal();

  /** Shows a text in the place of the one before. */
  show(text: string): void {
    if (this.#shown) writeStderr(`\r\x1b[K${text}`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown) writeStderr("\r\x1b[K");
  }
}
