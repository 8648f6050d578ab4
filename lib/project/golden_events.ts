import { type Diagnostic, DiagnosticsError } from "../base/diagnostic.ts";
import { messageOf } from "../base/errors.ts";
import { type EventRecord, isJsonObject, type JsonObject, kindOf } from "../base/json.ts";
import { fileInfo, readTextFile } from "../host/files.ts";
import { joinPath } from "../host/path.ts";

/** The file of a project's golden events: one JSON object a line. */
export const GOLDEN_FILE = "golden.ndjson";

/** How far numbers may be off unless a golden event says otherwise: relative above 1, absolute below. */
export const DEFAULT_TOLERANCE = 1e-5;

const KEYS = ["name", "input", "output", "error", "tolerance"];

/** An event with the answer it must get. */
export interface GoldenEvent {
  /** What messages call it: its `name`, or "line N". */
  readonly name: string;
  /** Counted from 1. */
  readonly line: number;
  /** The object as the line has it, so that an update keeps what it does not know. */
  readonly source: JsonObject;
  readonly input: EventRecord;
  /** The answer; absent in an event that must fail, or whose answer is yet to be filled in. */
  readonly output?: JsonObject;
  /** Code of the error the event must fail with. */
  readonly error?: string;
  readonly tolerance: number;
}

/**
 * Reads a project's golden events; none where the file is missing.
 *
 * @throws {DiagnosticsError} `check.golden_invalid`, with every line that is wrong.
 */
export async function readGoldenEvents(folder: string): Promise<GoldenEvent[]> {
  const path = joinPath(folder, GOLDEN_FILE);
  if ((await fileInfo(path)) === undefined) return [];
  let text: string;
  try {
    text = await readTextFile(path);
  } catch (cause) {
    throw invalid([problemAt(undefined, `it must be a readable file of UTF-8 text: ${messageOf(cause)}`)]);
  }
  return parseGoldenEvents(text);
}

/**
 * Reads golden events from the text of their file. Empty lines are skipped.
 *
 * @throws {DiagnosticsError} `check.golden_invalid`, with every line that is wrong.
 */
export function parseGoldenEvents(text: string): GoldenEvent[] {
  const problems: Diagnostic[] = [];
  const events: GoldenEvent[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const parsed = parseLine(line, index + 1);
    if (typeof parsed === "string") problems.push(problemAt(index + 1, parsed));
    else events.push(parsed);
  }
  if (problems.length > 0) throw invalid(problems);
  return events;
}

/** The event of a line, or what is wrong with it. */
function parseLine(text: string, line: number): GoldenEvent | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `it must be JSON: ${messageOf(error)}`;
  }
  if (!isJsonObject(value)) return `it must be an object: current value is ${kindOf(value)}`;
  const { name = `line ${line}`, input, output, error, tolerance = DEFAULT_TOLERANCE } = value;
  const problem = keyProblem(value) ?? outcomeProblem(output, error);
  if (problem !== undefined) return problem;
  if (typeof name !== "string") return `"name" must be a string: current value is ${kindOf(name)}`;
  if (!isJsonObject(input)) return `"input" must be an event, an object: current value is ${kindOf(input)}`;
  if (typeof tolerance !== "number" || tolerance < 0) {
    return '"tolerance" must be a number that is not negative';
  }
  return {
    name,
    line,
    source: value,
    input,
    tolerance,
    ...(isJsonObject(output) ? { output } : {}),
    ...(typeof error === "string" ? { error } : {}),
  };
}

function keyProblem(value: JsonObject): string | undefined {
  const stranger = Object.keys(value).find((key) => !KEYS.includes(key));
  return stranger === undefined
    ? undefined
    : `"${stranger}" must not be there: the keys are ${KEYS.join(", ")}`;
}

function outcomeProblem(output: unknown, error: unknown): string | undefined {
  if (output !== undefined && error !== undefined) return '"output" and "error" must not both be there';
  if (output !== undefined && !isJsonObject(output)) {
    return `"output" must be an object: current value is ${kindOf(output)}`;
  }
  if (error === undefined || typeof error === "string") return undefined;
  return `"error" must be a code such as "event.missing_field": current value is ${kindOf(error)}`;
}

function problemAt(line: number | undefined, reason: string): Diagnostic {
  const where = line === undefined ? GOLDEN_FILE : `line ${line} of ${GOLDEN_FILE}`;
  return {
    severity: "error",
    code: "check.golden_invalid",
    message: `Cannot read ${where} as ${reason}`,
    file: GOLDEN_FILE,
    ...(line === undefined ? {} : { line }),
  };
}

function invalid(problems: readonly Diagnostic[]): DiagnosticsError {
  const message = problems.map((problem) => problem.message).join("\n");
  return new DiagnosticsError("check.golden_invalid", message, problems);
}
