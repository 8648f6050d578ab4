import { joinBytes } from "../base/bytes.ts";
import type { JsonValue } from "../base/json.ts";
import { elementReader } from "../onnx/element_codec.ts";
import type { Tensor } from "../onnx/session.ts";
import { datatypeOf } from "./datatypes.ts";
import type { ModelName } from "./infer_messages.ts";
import { type InferRequest, invalid } from "./infer_request.ts";
import { knownName } from "./known_name.ts";

/** The body of an answer, and the length of its JSON where binary tensors follow. */
export interface InferResponse {
  readonly bytes: Uint8Array;
  readonly headerLength?: number;
}

const encoder = new TextEncoder();

/**
 * Writes the answer to a request.
 *
 * @param tensors The outputs by name, all that there are, in the order of the model.
 * @throws {PackflowError} `request.invalid` for an output that there is not, or that JSON cannot carry.
 */
export function writeInferResponse(
  { id, outputs, isBinary }: InferRequest,
  { name, version }: ModelName,
  tensors: ReadonlyMap<string, Tensor>,
): InferResponse {
  const wanted = outputs ?? [...tensors.keys()].map((output) => ({ name: output, isBinary }));
  const parts: Uint8Array[] = [];
  const written = wanted.map((output) => {
    const tensor = tensors.get(output.name) ?? tensors.get(knownName(output.name, [...tensors.keys()]));
    if (tensor === undefined) {
      const known = [...tensors.keys()].map((each) => `"${each}"`).join(", ");
      throw invalid(`output "${output.name}" must be one of the model's: ${known}`);
    }
    const head = { name: output.name, datatype: datatypeOf(tensor.type), shape: tensor.dims };
    if (!output.isBinary) return { ...head, data: jsonData(output.name, tensor) };
    const bytes = binaryData(tensor);
    parts.push(bytes);
    return { ...head, parameters: { binary_data_size: bytes.length } };
  });
  const header = encoder.encode(JSON.stringify({
    model_name: name,
    model_version: version,
    ...(id === undefined ? {} : { id }),
    outputs: written,
  }));
  return parts.length === 0
    ? { bytes: header }
    : { bytes: joinBytes([header, ...parts]), headerLength: header.length };
}

function jsonData(name: string, { type, data }: Tensor): JsonValue[] {
  const read = elementReader(type, data);
  const values: JsonValue[] = [];
  for (let index = 0; index < data.length; index++) {
    const value = read(index);
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw invalid(`output "${name}" must be asked for as binary data: JSON has no notation for ${value}`);
    }
    values.push(value);
  }
  return values;
}

function binaryData({ data }: Tensor): Uint8Array {
  if (!(data instanceof Array)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return joinBytes(data.flatMap((text) => {
    const bytes = encoder.encode(text);
    const size = new Uint8Array(4);
    new DataView(size.buffer).setUint32(0, bytes.length, true);
    return [size, bytes];
  }));
}
