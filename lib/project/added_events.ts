import { messageOf, PackflowError } from "../base/errors.ts";
import { type EventRecord, isJsonObject, type JsonObject, kindOf } from "../base/json.ts";
import { isNotFound, readTextFile } from "../host/files.ts";
import { DEFAULT_TOLERANCE, type GoldenEvent } from "./golden_events.ts";

/**
 * Reads events that are to become golden events: one JSON object a line. Those that are golden events already are
 * passed over, so that the same file can be added again.
 *
 * @param path The file.
 * @param known The golden events that there are.
 * @throws {PackflowError} `source.not_found`, `source.not_readable`, `event.invalid_json`, `event.not_object`.
 */
export async function readAddedEvents(path: string, known: readonly GoldenEvent[]): Promise<GoldenEvent[]> {
  const text = await readText(path);
  const present = new Set(known.map(({ input }) => JSON.stringify(input)));
  const added: GoldenEvent[] = [];
  let line = known.at(-1)?.line ?? 0;
  for (const [index, written] of text.split("\n").entries()) {
    if (written.trim() === "") continue;
    const input = parseEvent(written, path, index + 1);
    const key = JSON.stringify(input);
    if (present.has(key)) continue;
    present.add(key);
    line += 1;
    const source: JsonObject = { input };
    added.push({ name: `line ${index + 1} of ${path}`, line, source, input, tolerance: DEFAULT_TOLERANCE });
  }
  return added;
}

async function readText(path: string): Promise<string> {
  try {
    return (await readTextFile(path)).replace(/^\uFEFF/, "");
  } catch (cause) {
    const isMissing = isNotFound(cause);
    throw new PackflowError(
      isMissing ? "source.not_found" : "source.not_readable",
      isMissing
        ? `Cannot add the events of "${path}" as there is no such file`
        : `Cannot add the events of "${path}" as it must be a readable file of UTF-8 text: ${
          messageOf(cause)
        }`,
      { cause },
    );
  }
}

function parseEvent(text: string, file: string, line: number): EventRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new PackflowError("event.invalid_json", `Cannot add line ${line} of "${file}" as it must be JSON`, {
      cause,
      place: { file, line },
      remedy: "Write one event a line",
    });
  }
  if (isJsonObject(value)) return value;
  const message = `Cannot add line ${line} of "${file}" as it must be an object: current value is ${
    kindOf(value)
  }`;
  throw new PackflowError("event.not_object", message, { place: { file, line } });
}
