/** Bytes that are no UTF-8, byte order marks, and ends of lines of every kind. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { originalBytes } from "../../lib/stream/dead_letter.ts";
import { echoRun, figure } from "../helpers/echo_run.ts";
import { bytesOf, concat } from "../helpers/streams.ts";

/** Bytes that are no UTF-8, and how many of them are before the first that is wrong. */
const FAULTS: Record<string, [bytes: number[], good?: number]> = {
  "a continuation alone": [[0x80]],
  "a continuation too many": [[0xc3, 0xa9, 0xa9], 2],
  "a lead alone": [[0xc3]],
  "three bytes cut to two": [[0xe2, 0x82]],
  "four bytes cut to three": [[0xf0, 0x9f, 0x98]],
  "a lead before a letter": [[0xe9, 0x61]],
  "a slash in two bytes": [[0xc0, 0xaf]],
  "a slash in three bytes": [[0xe0, 0x80, 0xaf]],
  "a slash in four bytes": [[0xf0, 0x80, 0x80, 0xaf]],
  "a null in two bytes": [[0xc0, 0x80]],
  "half a surrogate pair": [[0xed, 0xa0, 0x80]],
  "a surrogate pair in six bytes": [[0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
  "beyond the last character": [[0xf4, 0x90, 0x80, 0x80]],
  "five bytes": [[0xf8, 0x88, 0x80, 0x80, 0x80]],
  "a byte order mark of UTF-16": [[0xff, 0xfe]],
  "Latin-1": [[0x47, 0x72, 0xfc, 0xdf, 0x65], 2],
};

Deno.test("S4: bytes that are no UTF-8 are an error that tells their place, and nothing is replaced", async () => {
  let replaced = 0;
  for (const [name, [bytes, good = 0]] of Object.entries(FAULTS)) {
    // The fault in the first and the last line of a block, in a key and in a value; and with nothing wrong nearby.
    for (const start of ['{"é":"', '{"', '{"long":"' + "ö".repeat(500)]) {
      const line = concat(bytesOf(start), Uint8Array.from(bytes), bytesOf('":1}'));
      const input = concat(line, bytesOf('\n{"good":"é"}\n'), line, bytesOf('\n{"good":2}\n'), line);
      const { lines, codes, letters } = await echoRun(input, { batchSize: 2 });
      deepStrictEqual([lines[1], lines[3]], ['{"good":"é"}', '{"good":2}'], name);
      for (const index of [0, 2, 4]) {
        if (codes[index] !== "event.invalid_utf8") replaced++;
        ok(
          lines[index]?.includes(`: byte ${bytesOf(start).length + good} of the record is 0x`),
          lines[index],
        );
      }
      for (const letter of letters) deepStrictEqual(originalBytes(letter), line, name);
      strictEqual(letters.length, 3);
    }
  }
  const all = Object.keys(FAULTS).length;
  figure(
    `S4 encodings: ${replaced} of ${all} kinds of bad UTF-8 replaced, ${
      9 * all
    } lines refused at the right byte`,
  );
  strictEqual(replaced, 0);
});

Deno.test("S4: a byte order mark is no part of the first event, and a fault anywhere else", async () => {
  const good = await echoRun('\uFEFF{"a":1}\n{"b":"\uFEFF"}');
  deepStrictEqual(good.lines, ['{"a":1}', '{"b":"\uFEFF"}']);
  for (let chunkBytes = 1; chunkBytes < 5; chunkBytes++) {
    deepStrictEqual((await echoRun('\uFEFF{"a":1}', { chunkBytes })).lines, ['{"a":1}']);
    deepStrictEqual((await echoRun('\uFEFF[{"a":1}]', { chunkBytes, inputFormat: "json" })).lines, [
      '{"a":1}',
    ]);
  }
  const again = await echoRun('\uFEFF\uFEFF{"a":1}\n\uFEFF{"b":1}\n{"c":1}\n');
  deepStrictEqual(again.codes, ["event.invalid_json", "event.invalid_json", undefined]);
  strictEqual((await echoRun("\uFEFF")).summary.read, 0);
  const wide = new Uint8Array(new Uint16Array([..."\uFEFF{}\n"].map((unit) => unit.charCodeAt(0))).buffer);
  ok((await echoRun(wide)).codes.every((code) => code?.startsWith("event.invalid_") === true));
});

Deno.test("S4: lines end with LF or CRLF; a CR inside of one is white space", async () => {
  const events = ['{"a":1}', '{"b":"x\\r\\n"}', '{"c":[1,\r2]}'];
  const plain = events.map((event) => JSON.stringify(JSON.parse(event)));
  for (const end of ["\n", "\r\n", "\n\n", "\r\n\r\n", "\n \t\n", "\r\r\n"]) {
    for (const chunkBytes of [1, 2, 5, 100]) {
      const { lines, summary } = await echoRun(end + events.join(end) + end, { chunkBytes });
      deepStrictEqual(lines, plain, JSON.stringify(end));
      strictEqual(summary.read, 3);
    }
  }
  const { codes, lines } = await echoRun('{"a":1}\r{"b":2}\n{"c":3}\n');
  deepStrictEqual(codes, ["event.invalid_json", undefined]);
  match(lines[0] ?? "", /unexpected/);
  const separators = await echoRun('{"a":"\u2028\u2029\u0085"}\n\u2028\n{"b":1}');
  deepStrictEqual(separators.codes, [undefined, "event.invalid_json", undefined]);
});
