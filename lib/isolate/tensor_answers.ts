import { joinBytes } from "../base/bytes.ts";
import { isObject } from "../base/json.ts";
import type { TensorAnswer, TensorAnswers } from "../oip/infer_messages.ts";
import type { InferAnswer } from "../oip/infer_processor.ts";
import { packError } from "./packed_error.ts";

/** Answers as they go to the main process. */
export function packAnswers(answers: readonly InferAnswer[]): TensorAnswers {
  const parts: Uint8Array[] = [];
  const lengths = answers.map((answer): TensorAnswer => {
    if ("error" in answer) return { error: packError(answer.error) };
    const { bytes, headerLength } = answer;
    parts.push(bytes);
    return { body: bytes.length, ...(headerLength === undefined ? {} : { header: headerLength }) };
  });
  return { answers: lengths, bytes: joinBytes(parts) };
}

/**
 * Puts a worker's answers to requests together again; undefined where the head is not one. Code of the project runs
 * beside what wrote it, so it is read with care.
 */
export function readTensorAnswers(head: unknown, bytes: Uint8Array): TensorAnswers | undefined {
  if (!Array.isArray(head)) return undefined;
  const answers: TensorAnswer[] = [];
  for (const each of head) {
    if (!isObject(each)) return undefined;
    const { error, body, header } = each;
    if (error !== undefined) answers.push({ error });
    else if (!isLength(body)) return undefined;
    else if (header === undefined) answers.push({ body });
    else if (isLength(header) && header <= body) answers.push({ body, header });
    else return undefined;
  }
  return { bytes, answers };
}

function isLength(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
