import type { WorkerStdio } from "../host/worker_stdio.ts";
import { type FrameType, HEADER_LENGTH, writeHeader } from "./worker_protocol.ts";

const EMPTY = new Uint8Array(0);

/**
 * Writes a worker's frames. Project code can replace the methods of any object it shares with us, so the header, which
 * holds the secret, is made beforehand, filled by assignments, and passed to the system only.
 */
export class FrameWriter {
  readonly #stdio: WorkerStdio;
  readonly #header: Uint8Array;
  readonly #at: number;

  constructor(stdio: WorkerStdio, secret: Uint8Array) {
    this.#stdio = stdio;
    this.#at = secret.length;
    this.#header = new Uint8Array(secret.length + HEADER_LENGTH);
    for (let i = 0; i < secret.length; i++) this.#header[i] = secret[i] ?? 0;
  }

  /** Writes a frame, waiting in place: nothing can come in between. */
  send(
    type: FrameType,
    id: number,
    { head = EMPTY, body = EMPTY }: { head?: Uint8Array; body?: Uint8Array },
  ): void {
    writeHeader(this.#header, this.#at, [type, id, head.length, body.length]);
    // A pipe takes so few bytes whole or not at all.
    if (this.#stdio.writeSync(this.#header) !== this.#header.length) this.#stdio.exit(1);
    this.#writeAll(head);
    this.#writeAll(body);
  }

  #writeAll(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      done += this.#stdio.writeSync(done === 0 ? bytes : bytes.subarray(done));
    }
  }
}
