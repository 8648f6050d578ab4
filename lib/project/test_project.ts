import { messageOf, messageWithPlace, PackflowError } from "../base/errors.ts";
import type { JsonObject, JsonValue } from "../base/json.ts";
import {
  type IsolatedBackend,
  type IsolatedBackendOptions,
  openIsolatedBackend,
} from "../isolate/isolated_backend.ts";
import { readAddedEvents } from "./added_events.ts";
import { compareResults } from "./compare_results.ts";
import { GOLDEN_FILE, type GoldenEvent, readGoldenEvents } from "./golden_events.ts";
import { type GoldenAnswer, writeGoldenEvents } from "./write_golden_events.ts";

/** Something a golden event's answer has wrong. */
export interface GoldenProblem {
  /** How the event was run: "alone", or "in batches of N". */
  readonly run: string;
  readonly message: string;
  /** Where in the result; absent where there is no result. */
  readonly path?: string;
  readonly expected?: JsonValue;
  readonly got?: JsonValue;
}

/** How a golden event did. */
export interface GoldenResult {
  readonly name: string;
  /** Its line in `golden.ndjson`, counted from 1. */
  readonly line: number;
  readonly passed: boolean;
  readonly problems: readonly GoldenProblem[];
}

/** How a project's golden events did. */
export interface TestReport {
  readonly results: readonly GoldenResult[];
  readonly passed: number;
  readonly failed: number;
  /** Whether `golden.ndjson` has been written anew. */
  readonly updated: boolean;
}

/** How to run golden events. */
export interface TestProjectOptions extends Pick<IsolatedBackendOptions, "sandbox" | "models" | "note"> {
  /** Write the present answers into `golden.ndjson`. */
  readonly update?: boolean;
  /** A file of events to add to `golden.ndjson`, with their present answers. */
  readonly add?: string;
}

/** Results should not depend on the batch: these sizes leave rests and cross each other. */
const BATCH_SIZES = [2, 7];

/**
 * Runs a project's golden events, each alone and all in batches, and compares the answers. A backend that keeps state
 * sees them in order, from the beginning in each pass.
 *
 * @param folder The project's folder.
 * @param options With `update`, the present answers are written into `golden.ndjson` first, with `add` those of the
 * file's events; unless an event fails that should not or the reverse.
 * @throws {PackflowError} When the project cannot be loaded, `check.golden_invalid`, `check.golden_missing`, or for
 * the file of `add` `source.*` and `event.*`.
 */
export async function testProject(
  folder: string,
  options: TestProjectOptions = {},
): Promise<TestReport> {
  const { update = false, add, ...how } = options;
  const known = await readGoldenEvents(folder);
  let events = add === undefined ? known : [...known, ...await readAddedEvents(add, known)];
  if (events.length === 0) {
    throw new PackflowError(
      "check.golden_missing",
      `Cannot test the project as ${GOLDEN_FILE} has no golden events`,
    );
  }
  await using backend = await openIsolatedBackend(folder, how);
  let answers = await answerAlone(backend, events);
  let updated = false;
  const first = update ? 0 : known.length;
  if (first < events.length && events.every((event, index) => index < first || fits(event, answers[index]))) {
    await writeGoldenEvents(folder, events, (index) => index < first ? undefined : answers[index]);
    updated = true;
    events = await readGoldenEvents(folder);
    answers = await answerAlone(backend, events);
  }
  const problems = events.map((event, index) => problemsOf(event, answers[index], "alone"));
  await runBatches(backend, events, problems);
  const results = events.map(({ name, line }, index) => {
    const found = problems[index] ?? [];
    return { name, line, passed: found.length === 0, problems: found };
  });
  const passed = results.filter((result) => result.passed).length;
  return { results, passed, failed: results.length - passed, updated };
}

async function answerAlone(
  backend: IsolatedBackend,
  events: readonly GoldenEvent[],
): Promise<GoldenAnswer[]> {
  const answers: GoldenAnswer[] = [];
  await backend.reset();
  for (const { input } of events) {
    try {
      answers.push({ output: await backend.inferSingle(input) });
    } catch (error) {
      answers.push({ error: asPackflowError(error) });
    }
  }
  return answers;
}

/** Runs the events that should succeed in batches, and adds to the problems of those that were right alone. */
async function runBatches(
  backend: IsolatedBackend,
  events: readonly GoldenEvent[],
  problems: GoldenProblem[][],
): Promise<void> {
  const right = [...events.keys()].filter((index) =>
    problems[index]?.length === 0 && isExpected(events[index])
  );
  for (const size of new Set([right.length, ...BATCH_SIZES])) {
    await backend.reset();
    for (let start = 0; start < right.length && right.length > 1; start += size) {
      const indexes = right.slice(start, start + size);
      const answers = await answerBatch(backend, indexes.map((index) => inputAt(events, index)));
      for (const [at, index] of indexes.entries()) {
        const event = events[index];
        // One cause is told once: the whole batch's error with its first event, an event's with its first batch.
        if (event === undefined || (problems[index]?.length ?? 0) > 0) continue;
        problems[index]?.push(...problemsOf(event, answers[at], `in batches of ${size}`));
      }
    }
  }
}

async function answerBatch(
  backend: IsolatedBackend,
  inputs: readonly JsonObject[],
): Promise<(GoldenAnswer | undefined)[]> {
  try {
    return (await backend.infer(inputs)).map((output) => ({ output }));
  } catch (error) {
    return [{ error: asPackflowError(error) }];
  }
}

/** What is wrong with an answer; nothing where there is none to judge. */
function problemsOf(event: GoldenEvent, answer: GoldenAnswer | undefined, run: string): GoldenProblem[] {
  if (answer === undefined) return [];
  if ("error" in answer) return errorProblems(event, answer.error, run);
  if (event.error !== undefined) {
    return [{
      run,
      message: `Expected the error ${event.error}, got a result`,
      got: answer.output,
    }];
  }
  if (event.output === undefined) {
    return [{
      run,
      message: "Expected an output in the golden event: packflow test --update fills it in",
    }];
  }
  return compareResults(event.output, answer.output, event.tolerance).map(({ path, expected, got }) => ({
    run,
    message: "The answer differs",
    path,
    ...(expected === undefined ? {} : { expected }),
    ...(got === undefined ? {} : { got }),
  }));
}

function errorProblems(event: GoldenEvent, error: PackflowError, run: string): GoldenProblem[] {
  if (event.error === error.code) return [];
  const expected = event.error === undefined ? "a result" : `the error ${event.error}`;
  return [{
    run,
    message: `Expected ${expected}, got the error ${error.code}: ${messageWithPlace(error)}`,
  }];
}

/** Whether an answer is of the kind the event expects, so that an update may write it down. */
function fits(event: GoldenEvent, answer: GoldenAnswer | undefined): boolean {
  return answer !== undefined &&
    "error" in answer === (event.error !== undefined);
}

function isExpected(event: GoldenEvent | undefined): boolean {
  return event !== undefined && event.error === undefined;
}

function inputAt(events: readonly GoldenEvent[], index: number): JsonObject {
  return events[index]?.input ?? {};
}

function asPackflowError(error: unknown): PackflowError {
  return error instanceof PackflowError ? error : new PackflowError(
    "internal.unexpected",
    `Cannot run the event: ${messageOf(error)}`,
    { cause: error },
  );
}
