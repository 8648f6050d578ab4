import { isObject } from "../base/json.ts";
import type { Slice } from "./byte_slice.ts";

/** A field of an answer as the key of its record: a text as it is, any other value as JSON; none where there is none. */
export function keyOfField({ bytes, start, end }: Slice, field: string): Slice | undefined {
  const answer: unknown = JSON.parse(decoder.decode(bytes.subarray(start, end)));
  if (!isObject(answer) || !Object.hasOwn(answer, field)) return undefined;
  const value = answer[field];
  if (value === null || value === undefined) return undefined;
  const key = encoder.encode(typeof value === "string" ? value : JSON.stringify(value));
  return { bytes: key, start: 0, end: key.length };
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
