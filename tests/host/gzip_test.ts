import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { deflateRawSync, gunzipSync } from "node:zlib";
import { createCompressor, createDecompressor, createInflater, inflateStart } from "../../lib/host/gzip.ts";
import { fc } from "../helpers/fast_check.ts";
import { gzip } from "../helpers/gzip.ts";
import { bytesOf, concat, pieces, textOf } from "../helpers/streams.ts";

async function unpack(packed: Uint8Array, size = 1e9): Promise<Uint8Array> {
  const decompressor = createDecompressor();
  const feeding = (async () => {
    for (const piece of pieces(packed, size)) await decompressor.write(piece);
    decompressor.end();
  })();
  const parts: Uint8Array[] = [];
  try {
    for (let part = await decompressor.read(); part !== undefined; part = await decompressor.read()) {
      parts.push(part);
    }
  } finally {
    decompressor.close();
  }
  await feeding;
  return concat(...parts);
}

Deno.test("bytes come out as they went in, in pieces of any size, of any number of members", async () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(parts, fc.integer({ min: 1, max: 60 }), async (members, size) => {
      deepStrictEqual(await unpack(concat(...members.map((part) => gzip(part))), size), concat(...members));
    }),
    { numRuns: 40 },
  );
});

Deno.test("data that is cut anywhere, altered, or followed by something else is refused", async () => {
  const packed = gzip("hello hello hello");
  for (let end = 1; end < packed.length; end++) await rejects(unpack(packed.slice(0, end)), `${end}`);
  const altered = packed.slice();
  altered[packed.length - 8] = (altered[packed.length - 8] ?? 0) ^ 1;
  await rejects(unpack(altered));
  await rejects(unpack(concat(packed, bytesOf("more"))));
  await rejects(unpack(bytesOf("plain text")));
});

Deno.test("what is packed tightly comes out in small parts, and is not unpacked before it is read", async () => {
  const decompressor = createDecompressor();
  let isWritten = false;
  const writing = decompressor.write(gzip(new Uint8Array(8_000_000))).then(() => {
    isWritten = true;
    decompressor.end();
  });
  let total = 0;
  for (let part = await decompressor.read(); part !== undefined; part = await decompressor.read()) {
    strictEqual(part.length <= 65_536, true);
    if (total < 4_000_000) strictEqual(isWritten, false);
    total += part.length;
  }
  await writing;
  strictEqual(total, 8_000_000);
});

Deno.test("closing ends whoever waits", async () => {
  const decompressor = createDecompressor();
  const reading = decompressor.read();
  decompressor.close();
  strictEqual(await reading, undefined);
});

Deno.test("what was packed is whole, and the bytes given may be used again", async () => {
  const parts: Uint8Array[] = [];
  const compressor = createCompressor((bytes) => {
    parts.push(bytes.slice());
    return Promise.resolve();
  });
  const buffer = bytesOf("one ");
  await compressor.write(buffer);
  buffer.set(bytesOf("two "));
  await compressor.write(buffer);
  await compressor.close();
  strictEqual(textOf(gunzipSync(concat(...parts))), "one two ");
});

Deno.test("an output that fails makes the writer fail with its own error", async () => {
  const error = new Error("full");
  const compressor = createCompressor(() => Promise.reject(error));
  const noise = crypto.getRandomValues(new Uint8Array(60_000));
  await rejects(async () => {
    for (let i = 0; i < 100; i++) await compressor.write(noise);
  }, error);
  await rejects(compressor.close(), error);
});

Deno.test("an inflater says how many bytes its stream had, without what came behind it", async () => {
  const packed = new Uint8Array(deflateRawSync(new Uint8Array(300_000)));
  for (const extra of [0, 1, 100_000]) {
    const inflater = createInflater();
    const writing = inflater.write(concat(packed, new Uint8Array(extra)));
    let length = 0;
    for (let bytes = await inflater.read(); bytes !== undefined; bytes = await inflater.read()) {
      length += bytes.length;
      if (length === 300_000) inflater.end();
    }
    inflater.close();
    await writing;
    deepStrictEqual([length, inflater.consumed], [300_000, packed.length], `${extra}`);
  }
});

Deno.test("the start of a stream inflates as far as it goes, and what is none to nothing", () => {
  const packed = new Uint8Array(deflateRawSync(new TextEncoder().encode("a text of few words ".repeat(500))));
  strictEqual(textOf(inflateStart(packed)).length, 10_000);
  strictEqual(textOf(inflateStart(packed.subarray(0, 40))).startsWith("a text of few words "), true);
  strictEqual(inflateStart(new Uint8Array([255, 255, 255])).length, 0);
  strictEqual(inflateStart(new Uint8Array()).length, 0);
});
