import type { TensorAnswers, TensorRequests } from "../oip/infer_messages.ts";
import type { BlockWorker } from "../stream/block_worker.ts";

/** Somebody who works on jobs, outside this process as a rule. */
export interface JobWorker extends BlockWorker {
  /** Answers requests of the Open Inference Protocol as one batch; throws as `process` does. */
  infer(requests: TensorRequests): Promise<TensorAnswers>;
}
