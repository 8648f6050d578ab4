import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { type DeadLetterInfo, formatDeadLetter, originalBytes } from "../../lib/stream/dead_letter.ts";
import { fc } from "../helpers/fast_check.ts";
import { bytesOf, textOf } from "../helpers/streams.ts";

const INFO: DeadLetterInfo = {
  source: { name: "in.ndjson", offset: 12, line: 3 },
  stage: "infer",
  code: "backend.hook_failed",
  message: 'says ,"record":{"a":1}}',
};

Deno.test("JSON stands in the letter as it was written", () => {
  const line = formatDeadLetter(INFO, bytesOf('{"n":12345678901234567890, "n":1e400}'));
  strictEqual(line.endsWith(',"record":{"n":12345678901234567890, "n":1e400}}'), true);
  strictEqual(JSON.parse(line).schema, "packflow.deadletter/1");
  deepStrictEqual(JSON.parse(line).source, { name: "in.ndjson", offset: 12, line: 3 });
});

Deno.test("text that is no JSON, and JSON over several lines, stand as text", () => {
  strictEqual(JSON.parse(formatDeadLetter(INFO, bytesOf('{"a":'))).raw, '{"a":');
  strictEqual(JSON.parse(formatDeadLetter(INFO, bytesOf('{\n"a":1}'))).raw, '{\n"a":1}');
});

Deno.test("other bytes stand in base64", () => {
  strictEqual(JSON.parse(formatDeadLetter(INFO, Uint8Array.of(0xff, 0))).raw_base64, "/wA=");
});

Deno.test("any bytes come back exactly, from one line", () => {
  const text = fc.oneof(
    fc.json(),
    fc.string({ unit: "binary" }),
    fc.constantFrom("", "[".repeat(3000), '","record":1}', '{"a":1,"record":{"record":2}}'),
  );
  const bytes = fc.oneof(text.map(bytesOf), fc.uint8Array());
  const info = fc.record({ name: fc.string(), message: fc.string() });
  fc.assert(
    fc.property(bytes, info, (record, { name, message }) => {
      const line = formatDeadLetter({ ...INFO, message, source: { ...INFO.source, name } }, record);
      strictEqual(line.includes("\n"), false);
      deepStrictEqual([...originalBytes(line) ?? []], [...record]);
      deepStrictEqual([...originalBytes(`${line}\n`) ?? []], [...record]);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("a record too large is told by its size, and cannot be replayed", () => {
  const line = formatDeadLetter({ ...INFO, bytes: 99 }, undefined);
  strictEqual(JSON.parse(line).bytes, 99);
  strictEqual(originalBytes(line), undefined);
});

Deno.test("keys of prototypes are kept as they were", () => {
  const record = '{"__proto__":{"x":1},"constructor":2}';
  strictEqual(textOf(originalBytes(formatDeadLetter(INFO, bytesOf(record))) ?? bytesOf("")), record);
});

Deno.test("a line that is no dead letter is refused", () => {
  const schema = '"schema":"packflow.deadletter/1"';
  for (
    const line of [
      "",
      "{}",
      "[]",
      "1",
      "{",
      '{"schema":"other/1","raw":"x"}',
      `{${schema}}`,
      `{${schema},"raw":1}`,
    ]
  ) {
    throws(() => originalBytes(line), { code: "source.invalid_dead_letter" }, line);
  }
  throws(() => originalBytes(`{${schema},"raw_base64":"?"}`), { code: "source.invalid_dead_letter" });
  throws(() => originalBytes(`{${schema}, "record" :1}`), { code: "source.invalid_dead_letter" });
});
