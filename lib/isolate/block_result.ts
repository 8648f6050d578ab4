import { ERROR_CODES, type ErrorCode } from "../base/error_codes.ts";
import { isObject, type JsonObject } from "../base/json.ts";
import type { BlockResult, RecordFailure, Stage } from "../records/block.ts";

const STAGES: ReadonlySet<unknown> = new Set<Stage>(["split", "parse", "infer", "serialise", "worker"]);

/** What of a block's result goes as JSON; the output goes as it is. */
export function resultHead(
  { written, records, batches, lines, failures, columns, stages }: BlockResult,
): JsonObject {
  return {
    written,
    records,
    batches,
    lines,
    failures: failures.map((failure) => ({ ...failure })),
    ...(columns === undefined ? {} : { columns: [...columns] }),
    ...(stages === undefined ? {} : { stages: { ...stages } }),
  };
}

/**
 * Puts a block's result together again; undefined where the head is not one. Code of the project runs beside what
 * wrote it, so it is read with care.
 */
export function readBlockResult(head: unknown, output: Uint8Array): BlockResult | undefined {
  if (!isObject(head) || !Array.isArray(head.failures)) return undefined;
  const { written, records, batches, lines } = head;
  if (!isCount(written) || !isCount(records) || !isCount(batches) || !isCount(lines)) return undefined;
  const failures: RecordFailure[] = [];
  for (const each of head.failures) {
    const failure = readFailure(each);
    if (failure === undefined) return undefined;
    failures.push(failure);
  }
  const { columns } = head;
  const isNamed = Array.isArray(columns) && columns.every((name) => typeof name === "string");
  return {
    output,
    written,
    records,
    batches,
    lines,
    failures,
    ...(isNamed ? { columns } : {}),
    ...readStages(head.stages),
  };
}

function readStages(value: unknown): Pick<BlockResult, "stages"> {
  if (!isObject(value) || typeof value.infer !== "number" || typeof value.convert !== "number") return {};
  return { stages: { infer: value.infer, convert: value.convert } };
}

function readFailure(value: unknown): RecordFailure | undefined {
  if (!isObject(value)) return undefined;
  const { index, start, end, line, stage, code, message, position, bytes, field } = value;
  if (!isCount(index) || !isCount(start) || !isCount(end) || !isCount(line)) return undefined;
  if (!isStage(stage) || !isErrorCode(code) || typeof message !== "string") return undefined;
  return {
    index,
    start,
    end,
    line,
    stage,
    code,
    message,
    ...(isCount(position) ? { position } : {}),
    ...(isCount(bytes) ? { bytes } : {}),
    ...(typeof field === "string" ? { field } : {}),
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && typeof value === "number" && value >= 0;
}

function isStage(value: unknown): value is Stage {
  return STAGES.has(value);
}

function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(ERROR_CODES, value);
}
