/**
 * A member of a consumer group that only consumes, produces and commits, without a model and without looking at a
 * value: what the client can do at most.
 *
 *     deno run -A kafka_loop.ts HOST:PORT GROUP FROM TO BATCH_SIZE
 *
 * It promises what `packflow run` does: at least once, with key and time. It runs until it is stopped by SIGTERM.
 */
import { Consumer, type Message, Producer } from "../helpers/kafka_client.ts";

const COMMIT_MS = 1000;
/** Batches on their way at once. */
const IN_FLIGHT = 4;

const [address = "", groupId = "", from = "", topic = "", size = "5000"] = Deno.args;
const batchSize = Number(size);
const usual = { clientId: "loop", bootstrapBrokers: [address] };
const producer = new Producer({ ...usual, idempotent: true, acks: -1 });
const consumer = new Consumer({
  ...usual,
  groupId,
  groupProtocol: "consumer",
  maxBytes: 1 << 20,
  maxWaitTime: 50,
});
const stream = await consumer.consume({ topics: [from], mode: "earliest", autocommit: false });

const waiting = new Set<Promise<unknown>>();
/** The last record of each partition that was taken. */
const taken = new Map<number, Message>();
const committed = new Map<number, Message>();
let batch: Message[] = [];

async function send(): Promise<void> {
  const messages = batch.map(({ key, value, timestamp }) => ({ topic, key, value, timestamp }));
  batch = [];
  while (waiting.size >= IN_FLIGHT) await Promise.race(waiting);
  const sent = producer.send({ messages }).then(() => void waiting.delete(sent));
  waiting.add(sent);
}

/** Commits what was taken by now, once all of it is acknowledged. */
async function commit(): Promise<void> {
  const last = [...taken.values()].filter((message) => committed.get(message.partition) !== message);
  if (batch.length > 0) await send();
  await Promise.all(waiting);
  for (const message of last) {
    try {
      await message.commit();
      committed.set(message.partition, message);
    } catch (error) {
      // in a rebalance: tried again, unless the partition is another member's by then
      console.error(error instanceof Error ? error.message : error);
    }
  }
}

async function commitAgainAndAgain(): Promise<void> {
  while (true) {
    await new Promise((resolve) => setTimeout(resolve, COMMIT_MS));
    await commit();
  }
}

Deno.addSignalListener("SIGTERM", () => Deno.exit());
commitAgainAndAgain();
for await (const message of stream) {
  // what is fetched before a rebalance comes again after it
  if ((taken.get(message.partition)?.offset ?? -1n) >= message.offset) continue;
  taken.set(message.partition, message);
  batch.push(message);
  if (batch.length >= batchSize || stream.readableLength === 0) await send();
}
