import { PackflowError } from "../base/errors.ts";
import { type EventRecord, isObject, type JsonValue, kindOf } from "../base/json.ts";
import { fileInfo } from "../host/files.ts";
import { joinPath } from "../host/path.ts";
import { GOLDEN_FILE, readGoldenEvents } from "../project/golden_events.ts";
import { openInput } from "../stream/input_files.ts";

/** Where projects keep events to try them with. */
const EVENTS_FILE = "events.ndjson";
/** Enough to vary; more would only take memory, as they are repeated anyhow. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Events to measure with. */
export interface BenchEvents {
  /** Where they come from, for people. */
  readonly name: string;
  readonly events: readonly EventRecord[];
}

/**
 * Reads the events to measure with: those of a file, else the project's own, up to some 8 MB of them.
 *
 * @param folder The project's folder.
 * @param input A file of NDJSON or of a JSON array, gzipped or not.
 * @throws {PackflowError} `source.*`, `event.invalid_json`, `event.not_object`, `check.golden_invalid`, and
 * `usage.invalid` where there are none.
 */
export async function readBenchEvents(folder: string, input?: string): Promise<BenchEvents> {
  if (input !== undefined) return someEvents(input, await readEvents(input));
  const own = joinPath(folder, EVENTS_FILE);
  if (await fileInfo(own) !== undefined) {
    const events = await readEvents(own);
    if (events.length > 0) return { name: EVENTS_FILE, events };
  }
  const golden = (await readGoldenEvents(folder)).filter(({ error }) => error === undefined);
  return someEvents(GOLDEN_FILE, golden.map((event) => event.input));
}

function someEvents(name: string, events: readonly EventRecord[]): BenchEvents {
  if (events.length > 0) return { name, events };
  throw new PackflowError("usage.invalid", `Cannot try the project without events as "${name}" has none`, {
    remedy: "Name a file of events with --input",
  });
}

async function readEvents(path: string): Promise<EventRecord[]> {
  const { text, isWhole } = await readText(path);
  if (/^\s*\[/.test(text)) {
    if (!isWhole) {
      throw new PackflowError(
        "usage.invalid",
        `Cannot try the project with "${path}" as an array must be smaller`,
        {
          remedy: "Write one event a line: any number of them can be read",
        },
      );
    }
    const values = parse(text, path);
    return Array.isArray(values) ? values.map((value, index) => eventOf(value, path, index + 1)) : [];
  }
  return text.split("\n").flatMap((line, index) =>
    line.trim() === "" ? [] : [eventOf(parse(line, path, index + 1), path, index + 1)]
  );
}

/** The text of a file, or of its first whole lines where it is large. */
async function readText(path: string): Promise<{ text: string; isWhole: boolean }> {
  const source = await openInput(path);
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of source.chunks) {
    text += decoder.decode(chunk, { stream: true });
    bytes += chunk.length;
    if (bytes >= MOST_BYTES) {
      const end = text.lastIndexOf("\n");
      return { text: end === -1 ? text : text.slice(0, end), isWhole: false };
    }
  }
  return { text: (text + decoder.decode()).replace(/^\uFEFF/, ""), isWhole: true };
}

function parse(text: string, file: string, line?: number): JsonValue {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch (cause) {
    const place = { file, ...(line === undefined ? {} : { line }) };
    const what = line === undefined ? `"${file}"` : `line ${line} of "${file}"`;
    throw new PackflowError("event.invalid_json", `Cannot try the project with ${what} as it must be JSON`, {
      cause,
      place,
      remedy: "Give events as NDJSON or as a JSON array",
    });
  }
}

function eventOf(value: JsonValue, file: string, number: number): EventRecord {
  if (isEvent(value)) return value;
  const message =
    `Cannot try the project with event ${number} of "${file}" as it must be an object: current value is ${
      kindOf(value)
    }`;
  throw new PackflowError("event.not_object", message, { place: { file } });
}

function isEvent(value: JsonValue): value is EventRecord {
  return isObject(value);
}
