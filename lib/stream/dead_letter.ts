import type { ErrorCode } from "../base/error_codes.ts";
import { PackflowError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { decodeStrictly, isTooDeep } from "../records/parse_event.ts";
import type { Stage } from "../records/block.ts";
import type { RecordSpot } from "./source.ts";

/** What a dead letter tells beside the record. */
export interface DeadLetterInfo {
  /**
   * Where the record came from: the input as the user named it, and byte offset and line counted from 1, or topic,
   * partition and the offset there.
   */
  readonly source:
    & { readonly name: string; readonly offset: number }
    & (
      | { readonly line: number }
      | Omit<RecordSpot, "offset">
    );
  readonly stage: Stage;
  readonly code: ErrorCode;
  readonly message: string;
  /** When it failed, as an ISO 8601 date. */
  readonly at?: string;
  /** Digest of the package that was run. */
  readonly package?: string;
  /** Size of a record too large to be kept. */
  readonly bytes?: number;
}

const RECORD_KEY = ',"record":';

/**
 * One line of a dead letter file, without its line end. It keeps the record's bytes exactly, in one of three ways,
 * always as the last key:
 *
 * - `record`: the record is JSON on one line, so its very text stands there, to be read like any JSON. Numbers with
 *   more digits than a double holds and repeated keys are all still in the text: see {@linkcode originalBytes}.
 * - `raw`: the text of a record that is no JSON, spans lines, or nests too deep to be handed on.
 * - `raw_base64`: the bytes of a record that is not UTF-8.
 *
 * A record over the size limit is not kept (`bytes` says how many it has): cut it from its source by the offset.
 */
export function formatDeadLetter(info: DeadLetterInfo, record: Uint8Array | undefined): string {
  const head = JSON.stringify({ schema: "packflow.deadletter/1", ...info });
  if (record === undefined) return head;
  const text = decodeStrictly(record);
  const tail = text === undefined
    ? `,"raw_base64":${JSON.stringify(toBase64(record))}`
    : isOneLineOfJson(text)
    ? RECORD_KEY + text
    : `,"raw":${JSON.stringify(text)}`;
  return `${head.slice(0, -1)}${tail}}`;
}

/**
 * The bytes of the record that a dead letter keeps; undefined if the record was too large to be kept.
 *
 * @throws {PackflowError} `source.invalid_dead_letter` for a line that is none.
 */
export function originalBytes(line: string): Uint8Array | undefined {
  const letter = parseLetter(line);
  if (letter.schema !== "packflow.deadletter/1") throw notALetter();
  // Quotes inside strings are escaped, so the first such text is the key itself, and the record ends the line.
  if ("record" in letter) {
    const start = line.indexOf(RECORD_KEY);
    if (start === -1) throw notALetter();
    return new TextEncoder().encode(line.slice(start + RECORD_KEY.length, line.lastIndexOf("}")));
  }
  if (typeof letter.raw === "string") return new TextEncoder().encode(letter.raw);
  if (typeof letter.raw_base64 === "string") return fromBase64(letter.raw_base64);
  if (typeof letter.bytes === "number") return undefined;
  throw notALetter();
}

/**
 * The bytes of the record in a line of a dead letter file, to be worked on again.
 *
 * @throws {PackflowError} `source.invalid_dead_letter`, also for a record that was too large to be kept.
 */
export function replayedRecord(line: Uint8Array): Uint8Array {
  const text = decodeStrictly(line);
  if (text === undefined) throw notALetter();
  const record = originalBytes(text);
  if (record !== undefined) return record;
  throw new PackflowError(
    "source.invalid_dead_letter",
    "Cannot replay the line as it must hold the record: it was too large to be kept",
    { remedy: "Cut it from its source by the offset that the dead letter tells." },
  );
}

function parseLetter(line: string): Record<string, unknown> {
  try {
    const letter: unknown = JSON.parse(line);
    if (isObject(letter)) return letter;
  } catch (cause) {
    throw notALetter(cause);
  }
  throw notALetter();
}

function notALetter(cause?: unknown): PackflowError {
  return new PackflowError(
    "source.invalid_dead_letter",
    "Cannot replay the line as it must be a dead letter of schema packflow.deadletter/1",
    { cause },
  );
}

function isOneLineOfJson(text: string): boolean {
  if (/[\r\n]/.test(text) || isTooDeep(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw notALetter(cause);
  }
}
