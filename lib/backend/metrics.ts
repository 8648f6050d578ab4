/** How long each step of one call took, in milliseconds. A step that the backend does not have is absent. */
export interface ExecutionTimes {
  /** Preparing the events as `config.inputFormat` says. */
  readonly preprocess: number;
  /** The hook `transformInputs`. */
  readonly transformInputs?: number;
  /** The hook `execute`. */
  readonly execute: number;
  /** The hook `transformOutputs`. */
  readonly transformOutputs?: number;
}

/** What one call to `infer` cost. Each call has its own; concurrent calls never share one. */
export interface InferenceMetrics {
  /** Number of events in the call. */
  readonly batchSize: number;
  /** The steps, in milliseconds. */
  readonly executionTimes: ExecutionTimes;
  /** Sum of the steps, in milliseconds. */
  readonly totalExecutionTime: number;
}
