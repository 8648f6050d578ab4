import type { WorkerStdio } from "../host/worker_stdio.ts";
import { type FrameType, HEADER_LENGTH, writeHeader } from "./worker_protocol.ts";

const EMPTY = new Uint8Array(0);

/** A frame of more bytes is written in pieces. */
const MOST_COPIED = 64 * 1024;

/** Taken before code of the project can replace them. */
const Bytes = Uint8Array;
const setBytes: (target: Uint8Array, source: Uint8Array, at: number) => void = Function.prototype.call.bind(
  Uint8Array.prototype.set,
);

/**
 * Writes a worker's frames. Project code can replace the methods and getters of any object it shares with us, so what
 * holds the secret is made beforehand, filled by assignments, asked nothing, and passed to the system only. A small
 * frame is one write, as a write costs more than copying so little.
 */
export class FrameWriter {
  readonly #stdio: WorkerStdio;
  readonly #buffer = new ArrayBuffer(MOST_COPIED);
  readonly #frame: Uint8Array;
  /** Where the numbers of the header begin and end. */
  readonly #at: number;
  readonly #start: number;

  constructor(stdio: WorkerStdio, secret: Uint8Array) {
    this.#stdio = stdio;
    this.#at = secret.length;
    this.#start = secret.length + HEADER_LENGTH;
    this.#frame = new Bytes(this.#buffer);
    for (let i = 0; i < secret.length; i++) this.#frame[i] = secret[i] ?? 0;
  }

  /** Writes a frame, waiting in place: nothing can come in between. */
  send(
    type: FrameType,
    id: number,
    { head = EMPTY, body = EMPTY }: { head?: Uint8Array; body?: Uint8Array },
  ): void {
    writeHeader(this.#frame, this.#at, [type, id, head.length, body.length]);
    const isSmall = this.#start + head.length + body.length <= MOST_COPIED;
    if (isSmall) {
      setBytes(this.#frame, head, this.#start);
      setBytes(this.#frame, body, this.#start + head.length);
    }
    this.#writeFrame(isSmall ? this.#start + head.length + body.length : this.#start);
    if (isSmall) return;
    this.#writeAll(head);
    this.#writeAll(body);
  }

  #writeFrame(length: number): void {
    for (let done = 0; done < length;) {
      done += this.#stdio.writeSync(new Bytes(this.#buffer, done, length - done));
    }
  }

  #writeAll(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      done += this.#stdio.writeSync(done === 0 ? bytes : bytes.subarray(done));
    }
  }
}
