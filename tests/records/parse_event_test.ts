import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  decodeStrictly,
  isTooDeep,
  MAX_DEPTH,
  parseEvent,
  ParseFaultBox,
  utf8Fault,
} from "../../lib/records/parse_event.ts";
import { bytesOf } from "../helpers/streams.ts";

const codeOf = (text: string) => {
  const event = parseEvent(text);
  return event instanceof ParseFaultBox ? event.fault.code : undefined;
};

Deno.test("an object is an event, any other JSON value is not", () => {
  deepStrictEqual(parseEvent(' {"a":[1]} '), { a: [1] });
  for (const text of ["[]", "null", "1", '"x"', "true"]) strictEqual(codeOf(text), "event.not_object");
});

Deno.test("what is not JSON is told with its place", () => {
  const event = parseEvent('{"a":nul}');
  deepStrictEqual(event instanceof ParseFaultBox && event.fault, {
    code: "event.invalid_json",
    message: 'Cannot parse event as it must be valid JSON: unexpected "}"',
    position: 8,
  });
});

Deno.test("nesting is counted to the limit and not past it, brackets in strings left out", () => {
  const nested = (depth: number, open: string, close: string) =>
    `{"a":${open.repeat(depth - 1)}${close.repeat(depth - 1)}}`.replace(/:}+$/, ":1}");
  strictEqual(codeOf(nested(MAX_DEPTH, "[", "]")), undefined);
  strictEqual(codeOf(nested(MAX_DEPTH + 1, "[", "]")), "event.too_deep");
  strictEqual(codeOf(`{"a":"${"[".repeat(2000)}"}`), undefined);
  strictEqual(codeOf(`{"a":"${'\\"['.repeat(2000)}"}`), undefined);
  strictEqual(codeOf(`{"a":[${"[],".repeat(2000)}1]}`), undefined);
});

Deno.test("millions of brackets overflow nothing", () => {
  strictEqual(codeOf("[".repeat(5_000_000)), "event.too_deep");
  strictEqual(isTooDeep('"'.repeat(3001)), false);
});

Deno.test("keys that name parts of prototypes are data", () => {
  for (const key of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    const text = `{"${key}":{"polluted":1,"prototype":{"polluted":1}}}`;
    strictEqual(JSON.stringify(parseEvent(text)), text);
    strictEqual(Object.hasOwn(parseEvent(text), key), true);
  }
  strictEqual(({} as Record<string, unknown>).polluted, undefined);
});

Deno.test("bytes that are not UTF-8 are never decoded, and the first of them is named", () => {
  const bytes = Uint8Array.of(...bytesOf('{"é":"'), 0xff);
  strictEqual(decodeStrictly(bytes), undefined);
  deepStrictEqual(utf8Fault(bytes), {
    code: "event.invalid_utf8",
    message: "Cannot decode event as it must be UTF-8: byte 7 of the record is 0xFF",
    position: 6,
  });
});

Deno.test("a byte order mark inside the stream is kept, so it is no JSON", () => {
  strictEqual(decodeStrictly(bytesOf("\uFEFF1")), "\uFEFF1");
  strictEqual(codeOf("\uFEFF{}"), "event.invalid_json");
});
