import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { gunzipSource } from "../../lib/stream/gzip_source.ts";
import type { Source } from "../../lib/stream/source.ts";
import { gzip } from "../helpers/gzip.ts";
import { packflowError } from "../helpers/packflow_error.ts";
import { bytesOf, concat, ManualSource, memorySource, pieces, settle, textOf } from "../helpers/streams.ts";

async function textIn(source: Source): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.chunks) chunks.push(chunk.slice());
  return textOf(concat(...chunks));
}

Deno.test("what is packed is told by its first bytes, and read as what it holds", async () => {
  const text = '{"a":1}\n'.repeat(2000);
  const packed = concat(gzip(text), gzip("last\n"));
  for (const size of [1, 1000, 1e9]) {
    strictEqual(await textIn(gunzipSource(memorySource(pieces(packed, size)), false)), `${text}last\n`);
  }
});

Deno.test("anything else is read as it is, however short", async () => {
  for (const text of ["", "a", "\x1f", "\x1f\x8a", "{}\n{}\n"]) {
    strictEqual(await textIn(gunzipSource(memorySource(pieces(bytesOf(text), 1)), false)), text);
  }
});

Deno.test("the size of what is packed is not known", () => {
  const source = { ...memorySource("x"), size: 9 };
  deepStrictEqual([gunzipSource(source, false).size, gunzipSource(source, true).size], [9, undefined]);
  strictEqual(gunzipSource(source, true).name, "memory");
});

Deno.test("a file named as gzip that is none, or not whole, cannot be read", async () => {
  const packed = gzip("hello ".repeat(5000));
  for (const bytes of [bytesOf("plain"), packed.slice(0, -1), packed.slice(0, 40), new Uint8Array(0)]) {
    const error = await packflowError(textIn(gunzipSource(memorySource(bytes), true)), "source.read_failed");
    strictEqual(
      error.message.startsWith('Cannot read "memory" to its end as it must be whole gzip data'),
      true,
    );
    deepStrictEqual(error.place, { file: "memory" });
  }
});

Deno.test("what came before the data was cut is read", async () => {
  const packed = gzip(crypto.getRandomValues(new Uint8Array(60_000)).join("\n"));
  let bytes = 0;
  await packflowError(
    (async () => {
      for await (const chunk of gunzipSource(memorySource(packed.slice(0, -4)), true).chunks) {
        bytes += chunk.length;
      }
    })(),
    "source.read_failed",
  );
  strictEqual(bytes > 60_000, true);
});

Deno.test("an error of the source inside comes through", async () => {
  const error = new Error("unplugged");
  const broken: Source = {
    name: "broken",
    mayPause: true,
    chunks: {
      async *[Symbol.asyncIterator]() {
        yield await Promise.resolve(gzip("hello").subarray(0, 12));
        throw error;
      },
    },
  };
  for (const isGzip of [true, false]) {
    const thrown = await textIn(gunzipSource(broken, isGzip)).catch((caught) => caught);
    strictEqual(thrown, error);
  }
});

Deno.test("whoever stops reading does not wait for the source", async () => {
  for (const isGzip of [true, false]) {
    const manual = new ManualSource();
    const chunks = gunzipSource(manual, isGzip).chunks[Symbol.asyncIterator]();
    const reading = chunks.next();
    await settle();
    await chunks.return?.();
    strictEqual(manual.returned, true);
    manual.end();
    await reading.catch(() => {});
  }
});
