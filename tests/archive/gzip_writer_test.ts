import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { GzipWriter } from "../../lib/archive/gzip_writer.ts";
import { fc } from "../helpers/fast_check.ts";
import { join } from "../helpers/raw_tar.ts";

/** What is compressed, stored, compressed again and so on. */
async function written(parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const gzip = new GzipWriter();
  const chunks = [...gzip.begin()];
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 0) chunks.push(...gzip.compress(part));
    else chunks.push(...await Array.fromAsync(gzip.store(ReadableStream.from([part]))));
  }
  return join(...chunks, ...gzip.end());
}

const zeros = (length: number) => new Uint8Array(length);

Deno.test("compressed and stored bytes in turn are one sound gzip member", async () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.array(fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(3)), { maxLength: 600 })
      .map((bytes) => Uint8Array.from(bytes)),
    fc.constantFrom(0, 1, 65_534, 65_535, 65_536, 131_070, 200_000).map(zeros),
  );
  const law = fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
    assert.deepEqual(new Uint8Array(gunzipSync(await written(parts))), join(...parts));
  });
  await fc.assert(law, { numRuns: 300 });
});

Deno.test("stored blocks are full but for the last", async () => {
  const bytes = await written([zeros(0), zeros(65_535 + 3)]);
  assert.deepEqual([...bytes.subarray(10, 15)], [0, 255, 255, 0, 0]);
  assert.deepEqual([...bytes.subarray(15 + 65_535, 20 + 65_535)], [0, 3, 0, 252, 255]);
});
