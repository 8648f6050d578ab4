import { PackflowError } from "../base/errors.ts";
import { createCutter } from "../records/formats.ts";
import { type Exchange, JSON_TYPE } from "./exchange.ts";
import type { Outcome, RecordsAnswer } from "./job.ts";
import type { ServedProject } from "./served_project.ts";

const SPACE = 0x20;
const OPEN_BRACKET = 0x5b;
const COMMA = 0x2c;
const NEWLINE = 0x0a;

/** Answers the body of a request that is one event, or an array of events. */
export function answerEvents(exchange: Exchange, project: ServedProject, body: Uint8Array): void {
  let start = 0;
  let end = body.length;
  while (start < end && (body[start] ?? 0) <= SPACE) start++;
  while (end > start && (body[end - 1] ?? 0) <= SPACE) end--;
  if (start === end) {
    throw new PackflowError("request.invalid", "Cannot read the body as it must hold an event: it is empty");
  }
  if (body[start] === OPEN_BRACKET) answerArray(exchange, project, body.subarray(start, end));
  else answerEvent(exchange, project, { bytes: body, ranges: Uint32Array.of(start, end) });
}

function answerEvent(
  exchange: Exchange,
  project: ServedProject,
  records: { bytes: Uint8Array; ranges: Uint32Array },
): void {
  exchange.rows = 1;
  project.submit(exchange, { kind: "records", ...records }, (outcome) => {
    if (outcome.kind !== "records") return exchange.fail(errorOf(outcome));
    const [failure] = outcome.failures;
    if (failure === undefined) {
      return exchange.send(200, { type: JSON_TYPE, body: outcome.lines.subarray(0, -1) });
    }
    exchange.failed = 1;
    exchange.fail(new PackflowError(failure.code, failure.message));
  });
}

/** Events of an array may fail one by one: what fails has an error in the place of its result. */
function answerArray(exchange: Exchange, project: ServedProject, body: Uint8Array): void {
  const cutter = createCutter("json", { maxEventBytes: body.length });
  cutter.push(body);
  cutter.end();
  const piece = cutter.take({ bytes: Infinity, records: Infinity });
  // An array with a fault of its own, such as no end, is refused as a whole.
  if (cutter.ready > 0 || piece?.fault !== undefined) {
    const fault = piece?.fault ?? cutter.take({ bytes: Infinity, records: Infinity })?.fault;
    throw new PackflowError(
      fault?.code ?? "event.invalid_json",
      fault?.message ?? "Cannot read the JSON array",
    );
  }
  if (piece === undefined) return exchange.send(200, { type: JSON_TYPE, body: "[]" });
  const { bytes, ranges = new Uint32Array(0) } = piece.block;
  exchange.rows = ranges.length / 2;
  project.submit(exchange, { kind: "records", bytes, ranges }, (outcome) => {
    if (outcome.kind !== "records") return exchange.fail(errorOf(outcome));
    exchange.failed = outcome.failures.length;
    exchange.send(200, { type: JSON_TYPE, body: arrayOf(outcome) });
  });
}

/** The lines of an answer as an array. */
function arrayOf({ lines }: RecordsAnswer): Uint8Array {
  const array = new Uint8Array(lines.length + 1);
  array[0] = OPEN_BRACKET;
  array.set(lines, 1);
  for (let at = array.indexOf(NEWLINE); at !== -1; at = array.indexOf(NEWLINE, at)) array[at] = COMMA;
  array[array.length - 1] = OPEN_BRACKET + 2;
  return array;
}

/** Why there is no answer of the kind that was asked for. */
export function errorOf(outcome: Outcome): PackflowError {
  return outcome.kind === "error"
    ? outcome.error
    : new PackflowError("internal.unexpected", "Cannot answer the request with what was answered");
}
