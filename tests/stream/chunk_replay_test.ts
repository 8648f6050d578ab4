import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { ChunkReplay } from "../../lib/stream/chunk_replay.ts";
import { bytesOf, memorySource, textOf } from "../helpers/streams.ts";

const source = (...texts: string[]) => memorySource(texts.map(bytesOf)).chunks;

async function rest(replay: ChunkReplay): Promise<string[]> {
  const texts: string[] = [];
  for await (const chunk of replay.all) texts.push(textOf(chunk));
  return texts;
}

Deno.test("what was looked at is read first, then what follows", async () => {
  const replay = new ChunkReplay(source("ab", "c", "d"));
  deepStrictEqual([await replay.peek(), await replay.peek()], [true, true]);
  strictEqual(textOf(replay.peeked), "abc");
  deepStrictEqual(await rest(replay), ["abc", "d"]);
});

Deno.test("nothing need be looked at, and the end can be seen", async () => {
  deepStrictEqual(await rest(new ChunkReplay(source("a", "b"))), ["a", "b"]);
  const replay = new ChunkReplay(source("a"));
  deepStrictEqual([await replay.peek(), await replay.peek()], [true, false]);
  deepStrictEqual(await rest(replay), ["a"]);
});

Deno.test("an error is for whoever reads on, after what came before it", async () => {
  const error = new Error("unplugged");
  const replay = new ChunkReplay({
    async *[Symbol.asyncIterator]() {
      yield await Promise.resolve(bytesOf("a"));
      throw error;
    },
  });
  deepStrictEqual([await replay.peek(), await replay.peek(), await replay.peek()], [true, false, false]);
  const chunks = replay.all[Symbol.asyncIterator]();
  deepStrictEqual(await chunks.next(), { done: false, value: bytesOf("a") });
  await rejects(chunks.next(), error);
});
