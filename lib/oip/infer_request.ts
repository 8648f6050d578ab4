import { messageOf, PackflowError } from "../base/errors.ts";
import { isObject, kindOf } from "../base/json.ts";

/** A tensor as a request carries it: elements in JSON, or their bytes. */
export interface WireTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[] | Uint8Array;
}

/** An output that a request asks for. */
export interface WantedOutput {
  readonly name: string;
  /** Whether its elements are to come as bytes. */
  readonly isBinary: boolean;
}

/** A request of the Open Inference Protocol. */
export interface InferRequest {
  readonly id: string | undefined;
  readonly inputs: readonly WireTensor[];
  /** Undefined for all. */
  readonly outputs: readonly WantedOutput[] | undefined;
  /** Whether outputs that are not named come as bytes. */
  readonly isBinary: boolean;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads the body of a request.
 *
 * @param headerLength Length of the JSON, where binary tensors follow.
 * @throws {PackflowError} `request.invalid`, saying what is wrong where.
 */
export function readInferRequest(body: Uint8Array, headerLength: number = body.length): InferRequest {
  const header = parseHeader(body.subarray(0, headerLength));
  const { id, inputs, outputs, parameters } = header;
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw invalid(`its "inputs" must be an array of tensors: current value is of kind ${kindOf(inputs)}`);
  }
  if (id !== undefined && typeof id !== "string") throw invalid('its "id" must be a string');
  const binary = new BinaryReader(body.subarray(headerLength));
  const tensors = inputs.map((input) => readTensor(input, binary));
  binary.end();
  const isBinary = flagOf(parameters, "binary_data_output") ?? false;
  return { id, inputs: tensors, outputs: readOutputs(outputs, isBinary), isBinary };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw invalid(`it must be JSON in UTF-8: ${messageOf(cause)}`, cause);
  }
  if (isObject(value)) return value;
  throw invalid(`it must be an object: current value is of kind ${kindOf(value)}`);
}

function readTensor(input: unknown, binary: BinaryReader): WireTensor {
  if (!isObject(input)) throw invalid("each of its inputs must be an object");
  const { name, datatype, shape, data, parameters } = input;
  if (typeof name !== "string") throw invalid('each of its inputs must have a "name"');
  if (typeof datatype !== "string") throw invalid(`input "${name}" must have a "datatype"`);
  if (!isShape(shape)) throw invalid(`input "${name}" must have a "shape" of whole numbers`);
  const size = isObject(parameters) ? parameters.binary_data_size : undefined;
  if (size === undefined) {
    if (Array.isArray(data)) return { name, datatype, shape, data };
    throw invalid(`input "${name}" must have "data", or bytes and "binary_data_size" in its parameters`);
  }
  if (data !== undefined) throw invalid(`input "${name}" must not have both "data" and "binary_data_size"`);
  return { name, datatype, shape, data: binary.take(name, size) };
}

function readOutputs(outputs: unknown, isBinary: boolean): WantedOutput[] | undefined {
  if (outputs === undefined || (Array.isArray(outputs) && outputs.length === 0)) return undefined;
  if (!Array.isArray(outputs)) throw invalid('its "outputs" must be an array');
  return outputs.map((output) => {
    if (!isObject(output) || typeof output.name !== "string") {
      throw invalid('each of its outputs must have a "name"');
    }
    return { name: output.name, isBinary: flagOf(output.parameters, "binary_data") ?? isBinary };
  });
}

function flagOf(parameters: unknown, name: string): boolean | undefined {
  if (!isObject(parameters) || parameters[name] === undefined) return undefined;
  const flag = parameters[name];
  if (typeof flag === "boolean") return flag;
  throw invalid(`parameter "${name}" must be true or false`);
}

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** Gives tensors their bytes, which follow each other in the order of the tensors. */
class BinaryReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(name: string, size: unknown): Uint8Array {
    if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
      throw invalid(`"binary_data_size" of input "${name}" must be a whole number`);
    }
    if (this.#at + size > this.#bytes.length) {
      throw invalid(`"binary_data_size" of input "${name}" must be within the body: it is ${size}`);
    }
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  end(): void {
    if (this.#at < this.#bytes.length) {
      throw invalid(
        `all bytes after its JSON must belong to inputs: ${this.#bytes.length - this.#at} do not`,
      );
    }
  }
}

/** The error of a request that does not follow the protocol. */
export function invalid(reason: string, cause?: unknown): PackflowError {
  return new PackflowError("request.invalid", `Cannot take the request as ${reason}`, { cause });
}
