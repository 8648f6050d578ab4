import assert from "node:assert/strict";
import { RepeatedSource } from "../../lib/bench/repeated_source.ts";
import { bytesOf, textOf } from "../helpers/streams.ts";

Deno.test("the same events come again and again until the end is asked for", async () => {
  const source = new RepeatedSource(bytesOf('{"a":1}\n{"a":2}\n'));
  let chunks = 0;
  for await (const chunk of source.chunks) {
    const text = textOf(chunk);
    assert.equal(text, '{"a":1}\n{"a":2}\n'.repeat(text.length / 16));
    assert.ok(chunk.length > 200_000 && chunk.length <= 262_144, `${chunk.length} bytes`);
    if (++chunks === 3) source.end();
  }
  assert.equal(chunks, 3);
});

Deno.test("events that are larger than a chunk come whole", async () => {
  const ndjson = bytesOf(`"${"x".repeat(300_000)}"\n`);
  const source = new RepeatedSource(ndjson);
  const { value } = await source.next();
  assert.deepEqual(value, ndjson);
  await source.return();
  assert.deepEqual(await source.next(), { done: true, value: undefined });
});
