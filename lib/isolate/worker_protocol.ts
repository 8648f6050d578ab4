import type { JsonValue } from "../base/json.ts";

/**
 * What goes through the pipes between the main process and a worker: frames of a fixed header, a head (JSON, or the
 * record ranges of a block) and a body of raw bytes. No JSON stands for events or results.
 *
 * Frames of the worker begin with the secret that its first frame brought. Project code never sees it, so what that
 * code writes to the pipe is no frame.
 */

/** What a frame is. */
export const FRAME = {
  /** To the worker, first of all: head {@linkcode SetupMessage}. */
  setup: 1,
  /** To the worker: head the ranges of the records, body the bytes of a block. */
  block: 2,
  /** To the worker: head a {@linkcode CallMessage}. */
  call: 3,
  /** To the worker: dispose of the backend. */
  close: 4,
  /** To the worker: head the model's name and the lengths of requests of the Open Inference Protocol, body these. */
  infer: 5,
  /** From the worker: the backend is initialized. */
  ready: 16,
  /** From the worker: head the counts and failures of a block, body its output. */
  result: 17,
  /** From the worker: head what a call or closing gave. */
  answer: 18,
  /** From the worker: head a {@linkcode PackedError} in the place of ready, result or answer. */
  failure: 19,
  /** From the worker: head the text of something that needs no answer but attention. */
  warning: 20,
  /** From the worker: head a {@linkcode DeviceNote}. */
  note: 21,
  /** From the worker: head the lengths of answers to such requests, or their errors, body the answers. */
  inferred: 22,
} as const;

export type FrameType = typeof FRAME[keyof typeof FRAME];

/** One frame. */
export interface Frame {
  readonly type: number;
  /** Number of the request; what answers it has the same. 0 where nothing is asked. */
  readonly id: number;
  readonly head: Uint8Array;
  readonly body: Uint8Array;
}

/** Length of a header without the secret. */
export const HEADER_LENGTH = 16;
/** Length of the secret. */
export const SECRET_LENGTH = 16;
/** No frame is longer: more is no frame of ours. */
const MAX_LENGTH = 2 ** 30;
/** A body of more bytes is written on its own. */
const MOST_COPIED = 64 * 1024;
const EMPTY = new Uint8Array(0);

/** Fills in a header from `at` on. Plain assignments: no code that a project could replace gets to see the header. */
export function writeHeader(
  header: Uint8Array,
  at: number,
  numbers: readonly [number, number, number, number],
) {
  for (let field = 0; field < 4; field++) {
    const number = numbers[field] ?? 0;
    for (let byte = 0; byte < 4; byte++) header[at + 4 * field + byte] = (number >>> (8 * byte)) & 255;
  }
}

/** A header and a head in one piece, so that they are one write. */
export function frameStart(
  type: FrameType,
  id: number,
  parts: { head?: Uint8Array; body?: Uint8Array },
): Uint8Array {
  const { head = EMPTY, body = EMPTY } = parts;
  const start = new Uint8Array(HEADER_LENGTH + head.length);
  writeHeader(start, 0, [type, id, head.length, body.length]);
  start.set(head, HEADER_LENGTH);
  return start;
}

/** A frame in the pieces it is written in: a small one is one, as a write costs more than copying so little. */
export function framePieces(
  type: FrameType,
  id: number,
  parts: { head?: Uint8Array; body?: Uint8Array },
): [Uint8Array, Uint8Array?] {
  const start = frameStart(type, id, parts);
  const { body } = parts;
  if (body === undefined || body.length > MOST_COPIED) return body === undefined ? [start] : [start, body];
  const whole = new Uint8Array(start.length + body.length);
  whole.set(start);
  whole.set(body, start.length);
  return [whole];
}

/** Bytes that are no frame. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  /** What came, as far as it is of use. */
  readonly received: Uint8Array;

  constructor(received: Uint8Array) {
    super("Cannot read a frame as it must begin with the secret and fit the limits");
    this.received = received;
  }
}

/** A frame whose header is there. */
interface OpenFrame extends Frame {
  /** Bytes of head and body that have come. */
  filled: number;
}

/** Puts frames together from pieces of any size. */
export class FrameParser {
  readonly #secret: Uint8Array;
  readonly #header: Uint8Array;
  #filled = 0;
  #frame: OpenFrame | undefined;

  /** @param secret What every frame must begin with. */
  constructor(secret: Uint8Array = EMPTY) {
    this.#secret = secret;
    this.#header = new Uint8Array(secret.length + HEADER_LENGTH);
  }

  /** Whether a frame has begun and not ended. */
  get isPartial(): boolean {
    return this.#filled > 0;
  }

  /**
   * The frames that are complete with these bytes, which are copied. Take them all: only then have the bytes been
   * read to their end.
   *
   * @throws {ProtocolError} For what is no frame, after the frames before it; nothing can be read after that.
   */
  *push(bytes: Uint8Array): Generator<Frame, void> {
    let at = 0;
    while (at < bytes.length) {
      at = this.#frame === undefined ? this.#fillHeader(bytes, at) : this.#fillFrame(this.#frame, bytes, at);
      const frame = this.#frame;
      if (frame === undefined || frame.filled < frame.head.length + frame.body.length) continue;
      this.#frame = undefined;
      this.#filled = 0;
      yield frame;
    }
  }

  #fillHeader(bytes: Uint8Array, at: number): number {
    const part = bytes.subarray(at, at + this.#header.length - this.#filled);
    this.#header.set(part, this.#filled);
    this.#filled += part.length;
    const known = Math.min(this.#filled, this.#secret.length);
    for (let i = 0; i < known; i++) {
      if (this.#header[i] !== this.#secret[i]) {
        throw new ProtocolError(this.#received(bytes, at + part.length));
      }
    }
    if (this.#filled < this.#header.length) return at + part.length;
    const view = new DataView(this.#header.buffer, this.#secret.length);
    const [type, id, head, body] = [0, 4, 8, 12].map((offset) => view.getUint32(offset, true));
    if (type === undefined || id === undefined || head === undefined || body === undefined) return at;
    if (head > MAX_LENGTH || body > MAX_LENGTH) throw new ProtocolError(EMPTY);
    this.#frame = { type, id, head: new Uint8Array(head), body: new Uint8Array(body), filled: 0 };
    return at + part.length;
  }

  #fillFrame(frame: OpenFrame, bytes: Uint8Array, at: number): number {
    const { head, body, filled } = frame;
    const [target, offset] = filled < head.length ? [head, filled] : [body, filled - head.length];
    const part = bytes.subarray(at, at + target.length - offset);
    target.set(part, offset);
    frame.filled += part.length;
    return at + part.length;
  }

  #received(bytes: Uint8Array, at: number): Uint8Array {
    const header = this.#header.slice(0, this.#filled);
    const rest = bytes.subarray(at, at + 64);
    const all = new Uint8Array(header.length + rest.length);
    all.set(header);
    all.set(rest, header.length);
    return all;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** JSON as bytes. */
export function encodeJson(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

/** The text of bytes. */
export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** JSON from bytes; whoever reads what a worker sent checks what kind of value it is. */
export function decodeJson(bytes: Uint8Array): JsonValue {
  return JSON.parse(decoder.decode(bytes));
}
