import type { EventRecord } from "../base/json.ts";
import type { Session, Tensor } from "../onnx/session.ts";
import type { AnyBackend } from "./inference_backend.ts";
import { onnxFeed } from "./onnx_feeds.ts";
import type { ModelPlan } from "./onnx_plan.ts";

/** A model whose only input is a row of 32-bit floats per event, so that it can be fed without events in between. */
export interface DirectModel {
  /** Elements of an event's row. */
  readonly columns: number;
  /** Names of the outputs that make up the results. */
  readonly outputs: readonly string[];
  /** Whether keys of the event itself alone make up its row, whatever else the event holds. */
  readonly topLevel: boolean;
  /** Whether such a key that holds null is NaN in the row. */
  readonly nullIsNaN: boolean;
  /** Puts an event into row `row` of `data`; false where only the ordinary way can tell what becomes of it. */
  fill(event: EventRecord, data: Float32Array, row: number): boolean;
  /** Runs the model on the rows at the start of `data`. */
  run(data: Float32Array, events: number): Promise<Record<string, Tensor>>;
}

/** The method by which a backend offers its model; a symbol, as it is no part of the SDK. */
export const DIRECT_MODEL: unique symbol = Symbol("packflow.directModel");

/** The model of a backend that can be fed directly with equal results; undefined for any other backend. */
export function directModelOf(backend: AnyBackend & { [DIRECT_MODEL]?: unknown }): DirectModel | undefined {
  const offer = backend[DIRECT_MODEL];
  // Only our own OnnxBackend knows the symbol.
  return typeof offer === "function" ? offer.call(backend) : undefined;
}

/** The model as it can be fed directly; undefined unless it has one float32 input of a row per event. */
export function createDirectModel(session: Session, plan: ModelPlan): DirectModel | undefined {
  const [input] = plan.inputs;
  if (input === undefined || plan.inputs.length > 1 || plan.batchSize !== null) return undefined;
  if (input.type !== "float32" || !input.batched || input.row.length > 1) return undefined;
  const [declared = 1] = input.row;
  // With a width left open, arrays decide it for a batch as a whole: these events go the ordinary way.
  const columns = declared ?? input.fields.length;
  if (columns === 0) return undefined;
  const topLevel = input.fields.every((field) => field.segments.length === 1);
  return {
    columns,
    outputs: plan.outputs,
    topLevel,
    nullIsNaN: input.missingIsNaN && topLevel,
    fill(event, data, row) {
      try {
        const feed = onnxFeed(input, [event], 0);
        if (!(feed.data instanceof Float32Array) || feed.data.length !== columns) return false;
        data.set(feed.data, row * columns);
        return true;
      } catch {
        // The ordinary way meets the same error, and says it in the place of this event.
        return false;
      }
    },
    run(data, events) {
      const dims = input.row.length === 0 ? [events] : [events, columns];
      const rows = data.length === events * columns ? data : data.subarray(0, events * columns);
      return session.run({ [input.name]: { type: "float32", data: rows, dims } }, plan.outputs);
    },
  };
}
