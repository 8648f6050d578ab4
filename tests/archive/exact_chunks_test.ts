import assert from "node:assert/strict";
import { exactChunks } from "../../lib/archive/exact_chunks.ts";

const entry = (size: number, lengths: number[]) => ({
  path: "models/a.onnx",
  mode: 0o644 as const,
  content: {
    size,
    async *chunks() {
      for (const length of lengths) yield new Uint8Array(length);
    },
  },
});

Deno.test("a content of the size that it says passes", async () => {
  for (const lengths of [[5], [2, 0, 3], [5, 0]]) {
    const chunks = await Array.fromAsync(exactChunks(entry(5, lengths)));
    assert.deepEqual(chunks.map((chunk) => chunk.length), lengths);
  }
  assert.deepEqual(await Array.fromAsync(exactChunks(entry(0, []))), []);
});

Deno.test("a content with more or fewer bytes than it says is an error", async () => {
  for (const [lengths, now] of [[[4], "4"], [[], "0"], [[5, 1], "more"], [[9], "more"]] as const) {
    await assert.rejects(Array.fromAsync(exactChunks(entry(5, [...lengths]))), {
      code: "package.content_changed",
      message:
        `Cannot package "models/a.onnx" as it must stay as it is meanwhile: it had 5 bytes, now ${now}`,
    });
  }
});
