import { PackflowError } from "../base/errors.ts";
import { type Exchange, JSON_TYPE } from "./exchange.ts";
import { errorOf } from "./invocations.ts";
import { rowsHint } from "./rows_hint.ts";
import type { ServedProject } from "./served_project.ts";

/** Tells how much of a body is JSON, where binary tensors follow. */
export const HEADER_LENGTH = "inference-header-content-length";

/** Answers the body of an inference request of the Open Inference Protocol. */
export function answerInfer(exchange: Exchange, project: ServedProject, body: Uint8Array): void {
  const headerLength = headerLengthOf(exchange, body);
  exchange.rows = rowsHint(headerLength === undefined ? body : body.subarray(0, headerLength));
  project.submit(exchange, { kind: "tensors", bytes: body, headerLength }, (outcome) => {
    if (outcome.kind !== "tensors") {
      exchange.failed = exchange.rows;
      return exchange.fail(errorOf(outcome));
    }
    const { body: answer, headerLength: length } = outcome;
    if (length === undefined) return exchange.send(200, { type: JSON_TYPE, body: answer });
    exchange.send(200, { type: "application/octet-stream", body: answer }, { [HEADER_LENGTH]: length });
  });
}

function headerLengthOf({ request }: Exchange, body: Uint8Array): number | undefined {
  const text = request.headers[HEADER_LENGTH];
  if (text === undefined) return undefined;
  const length = typeof text === "string" && /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (length <= body.length) return length;
  throw new PackflowError(
    "request.invalid",
    `Cannot read the body as Inference-Header-Content-Length must be a length within it: current value is "${text}"`,
  );
}
