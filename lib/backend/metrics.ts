/** How long each step of one call took, in milliseconds. A step that the backend does not have is absent. */
export interface ExecutionTimes {
  readonly preprocess: number;
  readonly transformInputs?: number;
  readonly execute: number;
  readonly transformOutputs?: number;
}

/** What one call to `infer` cost. Each call has its own; concurrent calls never share one. */
export interface InferenceMetrics {
  /** Number of events in the call. */
  readonly batchSize: number;
  readonly executionTimes: ExecutionTimes;
  /** Sum of the steps, in milliseconds. */
  readonly totalExecutionTime: number;
}
