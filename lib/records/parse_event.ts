import type { ErrorCode } from "../base/error_codes.ts";
import { type EventRecord, kindOf } from "../base/json.ts";
import { findJsonFault } from "./json_fault.ts";
import { findUtf8Fault } from "./utf8_fault.ts";

/** Objects and arrays inside each other that an event may have, itself included. */
export const MAX_DEPTH = 512;

/** Why a record is no event. */
export interface ParseFault {
  readonly code: ErrorCode;
  readonly message: string;
  /** Characters of the record before the fault. */
  readonly position?: number;
  /** Size of a record that was not looked at, in bytes. */
  readonly bytes?: number;
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of bytes; undefined unless they are UTF-8. Nothing is replaced. */
export function decodeStrictly(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The event that a text holds, or the text's fault. Told apart by {@linkcode isFault}. */
export function parseEvent(text: string): EventRecord | ParseFaultBox {
  if (isTooDeep(text)) {
    return fault({
      code: "event.too_deep",
      message: `Cannot parse event as its objects and arrays must nest at most ${MAX_DEPTH} deep`,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fault(jsonFault(text));
  }
  // JSON.parse yields nothing but JSON values, so an object that is no array is an event.
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as EventRecord;
  return fault({
    code: "event.not_object",
    message: `Cannot take event as it must be a JSON object: current value is of kind ${kindOf(value)}`,
  });
}

/** Carries a fault where an event would be; a class, so that no event can pass for one. */
export class ParseFaultBox {
  readonly fault: ParseFault;

  constructor(fault: ParseFault) {
    this.fault = fault;
  }
}

/** The fault of bytes that are not UTF-8. */
export function utf8Fault(bytes: Uint8Array): ParseFault {
  const index = findUtf8Fault(bytes) ?? bytes.length;
  const byte = (bytes[index] ?? 0).toString(16).toUpperCase().padStart(2, "0");
  return {
    code: "event.invalid_utf8",
    message: `Cannot decode event as it must be UTF-8: byte ${index} of the record is 0x${byte}`,
    position: strictUtf8.decode(bytes.subarray(0, index)).length,
  };
}

/** Whether brackets outside strings nest too deep. Good JSON that is short cannot, so most are not looked at. */
export function isTooDeep(text: string): boolean {
  if (text.length <= 2 * MAX_DEPTH) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > MAX_DEPTH) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

/** Index of the quote that ends the string which begins at an index; the text's length if none does. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at;
    if (code === 0x5c) at++;
  }
  return text.length;
}

function fault(of: ParseFault): ParseFaultBox {
  return new ParseFaultBox(of);
}

function jsonFault(text: string): ParseFault {
  const found = findJsonFault(text);
  return {
    code: "event.invalid_json",
    message: `Cannot parse event as it must be valid JSON: unexpected ${found?.found ?? "text"}`,
    ...(found === undefined ? {} : { position: found.position }),
  };
}
