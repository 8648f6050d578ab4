import { ByteCursor } from "./byte_cursor.ts";
import type { FetchedPartition } from "./kafka_client.ts";
import { KafkaFault } from "./kafka_fault.ts";
import { errorName } from "./protocol_errors.ts";

/**
 * Reads a broker's answer to a Fetch request of version 12, of one topic. The records stay as they are.
 *
 * @param from The offset that was asked for, by partition.
 */
export function readFetchAnswer(answer: Uint8Array, from: ReadonlyMap<number, number>): FetchedPartition[] {
  const cursor = new ByteCursor(answer);
  cursor.skip(4);
  const error = errorName(cursor.int16());
  if (error !== undefined) throw new KafkaFault(error, `the broker answered ${error}`);
  cursor.skip(4);
  const fetched: FetchedPartition[] = [];
  for (let topics = cursor.unsignedVarint() - 1; topics > 0; topics--) {
    cursor.compactText();
    for (let left = cursor.unsignedVarint() - 1; left > 0; left--) {
      const partition = readPartition(cursor);
      fetched.push({ ...partition, from: from.get(partition.partition) ?? 0 });
    }
    cursor.skipTags();
  }
  return fetched;
}

function readPartition(cursor: ByteCursor): Omit<FetchedPartition, "from"> {
  const partition = cursor.int32();
  const error = errorName(cursor.int16());
  cursor.skip(8);
  const end = cursor.int64();
  cursor.skip(8);
  const aborted = [];
  for (let left = cursor.unsignedVarint() - 1; left > 0; left--) {
    aborted.push({ producerId: cursor.int64(), firstOffset: cursor.int64() });
    cursor.skipTags();
  }
  cursor.skip(4);
  const length = Math.max(0, cursor.unsignedVarint() - 1);
  const bytes = cursor.bytes.subarray(cursor.at, cursor.at + length);
  cursor.skip(length);
  cursor.skipTags();
  return { partition, ...(error === undefined ? {} : { error }), end, aborted, bytes };
}
