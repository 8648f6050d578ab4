import { PackflowError } from "../base/errors.ts";
import { unpackError } from "../isolate/packed_error.ts";
import type { TensorAnswers, TensorRequests } from "../oip/infer_messages.ts";
import type { Job, TensorsPayload } from "./job.ts";

/** A job whose payload is a request of the Open Inference Protocol. */
export interface TensorsPart {
  readonly job: Job;
  readonly payload: TensorsPayload;
}

/** The requests of several jobs as a worker takes them. */
export function joinRequests(parts: readonly TensorsPart[]): TensorRequests {
  const lengths = parts.map(({ payload: { bytes, headerLength } }) => ({
    body: bytes.length,
    ...(headerLength === undefined ? {} : { header: headerLength }),
  }));
  const [first, second] = parts;
  if (first !== undefined && second === undefined) return { bytes: first.payload.bytes, lengths };
  const bytes = new Uint8Array(lengths.reduce((sum, { body }) => sum + body, 0));
  let at = 0;
  for (const { payload } of parts) {
    bytes.set(payload.bytes, at);
    at += payload.bytes.length;
  }
  return { bytes, lengths };
}

/**
 * Gives each job its answer. Returns the number of events whose request failed.
 *
 * @throws {PackflowError} `worker.protocol` unless the answers fit the requests.
 */
export function shareAnswers(parts: readonly TensorsPart[], { bytes, answers }: TensorAnswers): number {
  const length = answers.reduce((sum, answer) => sum + ("error" in answer ? 0 : answer.body), 0);
  if (answers.length !== parts.length || length !== bytes.length) {
    throw new PackflowError(
      "worker.protocol",
      "Cannot share out what a worker answered as there must be one answer for each request",
    );
  }
  let at = 0;
  let failed = 0;
  for (const [index, { job }] of parts.entries()) {
    const answer = answers[index];
    if (answer === undefined || "error" in answer) {
      failed += job.rows;
      job.fail(unpackError(answer?.error));
      continue;
    }
    const body = bytes.subarray(at, at + answer.body);
    at += answer.body;
    job.settle({
      kind: "tensors",
      body,
      ...(answer.header === undefined ? {} : { headerLength: answer.header }),
    });
  }
  return failed;
}
