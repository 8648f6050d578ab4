import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { openCsvSource } from "../../lib/stream/csv_source.ts";
import { packflowError } from "../helpers/packflow_error.ts";
import { bytesOf, concat, memorySource, pieces, textOf } from "../helpers/streams.ts";

const OPTIONS = { delimiter: ",", maxEventBytes: 100 };
const open = (text: string, size = 1e9, options = OPTIONS) =>
  openCsvSource(memorySource(pieces(bytesOf(text), size), "x.csv"), options);

Deno.test("the header is read, in chunks of any size, and all bytes come after it", async () => {
  for (const text of ['a,"b\n""c"\r\n1,2\n', "\ufeff\n\r\na,b\n1,2\n", "a,b", "\ufeffa,b\n"]) {
    for (const size of [1, 2, 3, 1e9]) {
      const { columns, source } = await open(text, size);
      deepStrictEqual(columns, text.includes('"') ? ["a", 'b\n"c'] : ["a", "b"]);
      const chunks: Uint8Array[] = [];
      for await (const chunk of source.chunks) chunks.push(chunk.slice());
      strictEqual(textOf(concat(...chunks)), text);
    }
  }
});

Deno.test("a source that holds nothing has no header", async () => {
  for (const text of ["", "\n\r\n\n", "\ufeff"]) strictEqual((await open(text, 1)).columns, undefined);
});

Deno.test("a header that is none is refused, with its line", async () => {
  const error = await packflowError(open("\n\na,a\n1,2\n"), "source.invalid_header");
  deepStrictEqual(error.place, { file: "x.csv", line: 3 });
  await packflowError(open('a,"b\n1,2\n', 1), "source.invalid_header");
  await packflowError(open("a,".repeat(90) + "\n", 9), "source.invalid_header");
});
