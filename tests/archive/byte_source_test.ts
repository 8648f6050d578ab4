import assert from "node:assert/strict";
import { bytesSource, sourceChunks } from "../../lib/archive/byte_source.ts";
import { join } from "../helpers/raw_tar.ts";

const BYTES = Uint8Array.from({ length: 600_000 }, (_, at) => at % 251);

Deno.test("a part of a source comes in pieces", async () => {
  const source = bytesSource(BYTES);
  for (const [from, to] of [[0, 600_000], [7, 7], [10, 300_000], [599_999, 600_000]] as const) {
    assert.deepEqual(join(...await Array.fromAsync(sourceChunks(source, from, to))), BYTES.slice(from, to));
  }
});

Deno.test("a source that ends before is cut short", async () => {
  const short = Array.fromAsync(sourceChunks(bytesSource(BYTES), 0, 600_001));
  await assert.rejects(short, { code: "package.corrupt" });
});
