import { ByteCursor } from "./byte_cursor.ts";
import type { ProduceAnswer } from "./kafka_client.ts";
import { errorName } from "./protocol_errors.ts";

/** Reads a broker's answer to a Produce request of version 9, of one topic. */
export function readProduceAnswer(answer: Uint8Array): ProduceAnswer[] {
  const cursor = new ByteCursor(answer);
  const answers: ProduceAnswer[] = [];
  for (let topics = cursor.unsignedVarint() - 1; topics > 0; topics--) {
    cursor.compactText();
    for (let left = cursor.unsignedVarint() - 1; left > 0; left--) {
      const partition = cursor.int32();
      const error = errorName(cursor.int16());
      cursor.skip(24);
      for (let errors = cursor.unsignedVarint() - 1; errors > 0; errors--) {
        cursor.skip(4);
        cursor.compactText();
        cursor.skipTags();
      }
      cursor.compactText();
      cursor.skipTags();
      answers.push({ partition, ...(error === undefined ? {} : { error }) });
    }
    cursor.skipTags();
  }
  return answers;
}
