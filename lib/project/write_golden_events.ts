import { messageOf, PackflowError } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import { remove, rename, writeFile } from "../host/files.ts";
import { joinPath } from "../host/path.ts";
import { compareResults } from "./compare_results.ts";
import { GOLDEN_FILE, type GoldenEvent } from "./golden_events.ts";

/** What a backend answers to an event: a result, or the error it fails with. */
export type GoldenAnswer = { readonly output: JsonObject } | { readonly error: PackflowError };

/**
 * Writes a project's golden events, with their answers, whole or not at all.
 *
 * @param answerOf The answer of the event with this index; undefined leaves the event as it is written.
 * @throws {PackflowError} `project.unwritable`.
 */
export async function writeGoldenEvents(
  folder: string,
  events: readonly GoldenEvent[],
  answerOf: (index: number) => GoldenAnswer | undefined,
): Promise<void> {
  const lines = events.map((event, index) => JSON.stringify(answered(event, answerOf(index))));
  const path = joinPath(folder, GOLDEN_FILE);
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await writeFile(temporary, `${lines.join("\n")}\n`);
    await rename(temporary, path);
  } catch (cause) {
    await remove(temporary);
    throw new PackflowError("project.unwritable", `Cannot update ${GOLDEN_FILE}: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** What stands in the file for an event. */
function answered({ source, output, tolerance }: GoldenEvent, answer: GoldenAnswer | undefined): JsonObject {
  if (answer === undefined) return source;
  if ("error" in answer) return { ...source, error: answer.error.code };
  // An answer within the tolerance stays as it was written, so that an update shows only what changed.
  const kept = output !== undefined && compareResults(output, answer.output, tolerance).length === 0;
  return kept ? source : { ...source, output: answer.output };
}
