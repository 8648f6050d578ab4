import assert from "node:assert/strict";
import { murmur2, partitionOfKey } from "../../lib/kafka/murmur2.ts";
import { bytesOf } from "../helpers/streams.ts";

Deno.test("hashes keys as Kafka's own clients do", () => {
  // The cases of Kafka's UtilsTest.
  const cases: readonly [string, number][] = [
    ["21", -973932308],
    ["foobar", -790332482],
    ["a-little-bit-long-string", -985981536],
    ["a-little-bit-longer-string", -1486304829],
    ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
    ["abc", 479470107],
  ];
  for (const [key, hash] of cases) assert.equal(murmur2(bytesOf(key)), hash, key);
});

Deno.test("a key has one partition, and there is one for every key", () => {
  for (let key = 0; key < 200; key++) {
    const partition = partitionOfKey(bytesOf(`key ${key}`), 7);
    assert.ok(Number.isInteger(partition) && partition >= 0 && partition < 7);
  }
});
