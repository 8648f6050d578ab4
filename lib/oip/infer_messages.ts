/** Under which name answers are given. */
export interface ModelName {
  readonly name: string;
  readonly version: string;
}

/** Requests of the Open Inference Protocol as they go to a worker: their bodies, one behind the other. */
export interface TensorRequests {
  readonly bytes: Uint8Array;
  /** Of each request the length of its body, and of the JSON in it where binary tensors follow. */
  readonly lengths: readonly RequestLength[];
}

/** How long the body of a request is, and the JSON in it where binary tensors follow. */
export interface RequestLength {
  readonly body: number;
  readonly header?: number;
}

/** What a worker answers to them: bodies one behind the other, or errors, in the same order. */
export interface TensorAnswers {
  readonly bytes: Uint8Array;
  readonly answers: readonly TensorAnswer[];
}

/** Of one request: how long its body is, and the JSON in it where binary tensors follow; or why there is none. */
export type TensorAnswer = RequestLength | { readonly error: unknown };
