import { messageOf, PackflowError } from "../base/errors.ts";
import type { TensorModel, TensorModelInput } from "../backend/tensor_model.ts";
import type { Tensor, TensorData } from "../onnx/session.ts";
import { type InferRequest, invalid } from "./infer_request.ts";
import { knownName } from "./known_name.ts";
import { readTensor } from "./tensor_reader.ts";

/** A request's tensors, as the model takes them. */
export interface TensorFeed {
  readonly rows: number;
  /** In the order of the model's inputs. */
  readonly tensors: readonly Tensor[];
}

/**
 * The feed of a request, checked against the model's inputs.
 *
 * @throws {PackflowError} `request.invalid`
 */
export function feedOf(request: InferRequest, model: TensorModel): TensorFeed {
  const known = model.inputs.map(({ name }) => name);
  const names = request.inputs.map(({ name }) => knownName(name, known));
  for (const name of names) {
    if (known.includes(name)) continue;
    throw invalid(`input "${name}" must be one of the model's: ${known.map((each) => `"${each}"`)}`);
  }
  const tensors = model.inputs.map((input) => {
    const [wire, other] = request.inputs.filter((_, index) => names[index] === input.name);
    if (wire === undefined) throw invalid(`it must have input "${input.name}"`);
    if (other !== undefined) throw invalid(`input "${input.name}" must be there once`);
    checkShape(input, wire.shape);
    return readTensor(wire, input.type);
  });
  const rows = tensors[0]?.dims[0] ?? 1;
  if (tensors.some(({ dims }) => (dims[0] ?? 1) !== rows)) {
    throw invalid("its inputs must agree on the first dimension");
  }
  return { rows, tensors };
}

/** The first dimension counts events, whatever the model says: fewer or more are run in parts. */
function checkShape({ name, shape }: TensorModelInput, given: readonly number[]): void {
  // ONNX Runtime reports a model that declares no rank like one of rank 0.
  if (shape.length === 0) return;
  const fits = given.length === shape.length &&
    shape.every((size, axis) => axis === 0 || size === null || size === given[axis]);
  if (fits) return;
  const expected = ["events", ...shape.slice(1).map((size) => size ?? "any")].join(", ");
  throw invalid(`input "${name}" must have the shape [${expected}]: current value is [${given.join(", ")}]`);
}

/** Whether two feeds can be run as one: all but their first dimensions are equal. */
export function fitTogether(one: TensorFeed, other: TensorFeed): boolean {
  return one.tensors.every(({ dims }, index) => {
    const dimsThere = other.tensors[index]?.dims ?? [];
    return dims.length > 0 && dims.length === dimsThere.length &&
      dims.every((size, axis) => axis === 0 || size === dimsThere[axis]);
  });
}

/** Feeds one behind the other, as one. */
export function joinFeeds(feeds: readonly TensorFeed[]): TensorFeed {
  const [first, ...others] = feeds;
  if (first === undefined || others.length === 0) return first ?? { rows: 0, tensors: [] };
  const rows = feeds.reduce((sum, feed) => sum + feed.rows, 0);
  const tensors = first.tensors.map(({ type, dims }, index): Tensor => ({
    type,
    data: joinData(feeds.map((feed) => feed.tensors[index]?.data ?? [])),
    dims: [rows, ...dims.slice(1)],
  }));
  return { rows, tensors };
}

/**
 * Runs the model on a feed of any number of rows. Outputs are by name, in the model's order.
 *
 * @throws {PackflowError} `model.*`
 */
export async function runFeed(model: TensorModel, feed: TensorFeed): Promise<Map<string, Tensor>> {
  const { batchSize } = model;
  if (batchSize === null || batchSize === feed.rows) return await runOnce(model, feed, feed.rows);
  const parts: Map<string, Tensor>[] = [];
  for (let first = 0; first < feed.rows; first += batchSize) {
    const rows = Math.min(batchSize, feed.rows - first);
    const part = {
      rows: batchSize,
      tensors: feed.tensors.map((tensor) => padded(tensor, { first, rows, batchSize })),
    };
    parts.push(await runOnce(model, part, rows));
  }
  return new Map(
    model.outputs.map(({ name }) => [name, joinRows(parts.flatMap((part) => part.get(name) ?? []))]),
  );
}

/** Runs the model once; of its outputs the first `rows` rows are kept. */
async function runOnce(model: TensorModel, feed: TensorFeed, rows: number): Promise<Map<string, Tensor>> {
  const feeds = Object.fromEntries(
    model.inputs.flatMap(({ name }, index) => {
      const tensor = feed.tensors[index];
      return tensor === undefined ? [] : [[name, tensor]];
    }),
  );
  const outputs = await run(model, feeds);
  return new Map(model.outputs.map(({ name }) => {
    const tensor = outputs[name];
    const known = tensor === undefined
      ? undefined
      : tensor.dims.length === 0
      ? { ...tensor, dims: [1] }
      : tensor;
    if (known?.dims[0] === feed.rows) return [name, rowsOf(known, 0, rows)];
    throw new PackflowError(
      "model.wrong_shape",
      `Cannot match output "${name}" to events as its first dimension must be the number of events, ${feed.rows}`,
    );
  }));
}

async function run(model: TensorModel, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  try {
    return await model.run(feeds);
  } catch (cause) {
    if (cause instanceof PackflowError) throw cause;
    throw new PackflowError("model.run_failed", `Cannot run the model: ${messageOf(cause)}`, { cause });
  }
}

/** Rows of a tensor, from one on. */
export function rowsOf(tensor: Tensor, first: number, rows: number): Tensor {
  if (first === 0 && tensor.dims[0] === rows) return tensor;
  const size = rowSize(tensor);
  return {
    type: tensor.type,
    data: tensor.data.slice(first * size, (first + rows) * size),
    dims: [rows, ...tensor.dims.slice(1)],
  };
}

/** Rows of a tensor, filled up with the first of them to as many as the model takes. */
function padded(
  tensor: Tensor,
  { first, rows, batchSize }: { first: number; rows: number; batchSize: number },
): Tensor {
  const part = tensor.dims.length === 0 ? tensor : rowsOf(tensor, first, rows);
  const padding = Array.from({ length: batchSize - rows }, () => rowsOf(part, 0, 1));
  return padding.length === 0 ? part : joinRows([part, ...padding]);
}

function joinRows(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  const { type = "float32", dims = [] } = first ?? {};
  const rows = tensors.reduce((sum, tensor) => sum + (tensor.dims[0] ?? 1), 0);
  return { type, data: joinData(tensors.map(({ data }) => data)), dims: [rows, ...dims.slice(1)] };
}

function rowSize({ dims }: Tensor): number {
  return dims.slice(1).reduce((product, size) => product * size, 1);
}

/** Elements one behind the other; all of one kind. */
function joinData(parts: readonly TensorData[]): TensorData {
  const [first = new Float32Array(0)] = parts;
  if (first instanceof Array) return parts.flatMap((part) => part instanceof Array ? part : []);
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(size * first.BYTES_PER_ELEMENT);
  let at = 0;
  for (const part of parts) {
    if (part instanceof Array) continue;
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  return sameKind(first, bytes.buffer);
}

function sameKind(example: Exclude<TensorData, string[]>, buffer: ArrayBuffer): TensorData {
  if (example instanceof Float32Array) return new Float32Array(buffer);
  if (example instanceof Float64Array) return new Float64Array(buffer);
  if (example instanceof BigInt64Array) return new BigInt64Array(buffer);
  if (example instanceof BigUint64Array) return new BigUint64Array(buffer);
  if (example instanceof Int32Array) return new Int32Array(buffer);
  if (example instanceof Uint32Array) return new Uint32Array(buffer);
  if (example instanceof Int16Array) return new Int16Array(buffer);
  if (example instanceof Uint16Array) return new Uint16Array(buffer);
  return example instanceof Int8Array ? new Int8Array(buffer) : new Uint8Array(buffer);
}
