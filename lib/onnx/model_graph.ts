import { PackflowError } from "../base/errors.ts";
import { elementType, elementTypeName, otherTypeName } from "./element_types.ts";
import { ProtobufReader } from "./protobuf_reader.ts";
import type { TensorType } from "./session.ts";

/** What an ONNX file says of itself, without its weights. */
export interface ModelGraph {
  readonly irVersion: number;
  /** The program that wrote the file, and its version; empty where it does not say. */
  readonly producerName: string;
  readonly producerVersion: string;
  readonly domain: string;
  readonly docString: string;
  /** Versions of the operator sets in use; the standard one has the domain "". */
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Inputs that have no value of their own in the file. */
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  readonly nodes: readonly GraphNode[];
  readonly initializers: readonly GraphInitializer[];
}

/** An input or output. */
export interface GraphValue {
  readonly name: string;
  /** Type of a tensor's elements; undefined for maps, sequences and types that have no name here. */
  readonly type: TensorType | undefined;
  /** What it is where it has no such type: "a map", "a tensor of bfloat16". */
  readonly other?: string;
  /** Sizes: a number, the name of one left open, or null; undefined where not even their count is said. */
  readonly dims: readonly (number | string | null)[] | undefined;
}

/** A use of an operator. */
export interface GraphNode {
  readonly opType: string;
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, GraphAttribute>;
}

/** An attribute of a node: each list empty and each value absent unless the file gives it. */
export interface GraphAttribute {
  float?: number;
  int?: number;
  text?: string;
  readonly floats: number[];
  readonly ints: number[];
  readonly texts: string[];
  /** Whether it holds tensors, graphs or types, which are not read here. */
  other: boolean;
}

/** A weight. */
export interface GraphInitializer {
  readonly name: string;
  readonly type: TensorType | undefined;
  readonly dims: readonly number[];
  /** Where the elements are, unless they are in the file itself. */
  readonly external:
    | { readonly location: string; readonly offset?: number; readonly length?: number }
    | undefined;
}

/** Nodes, weights, inputs and outputs of a graph: each takes memory, even where it has but two bytes in the file. */
const MOST_PARTS = 1_000_000;

/**
 * Reads what an ONNX file says of itself, without any runtime. Weights are passed over; nothing is run.
 *
 * @param bytes The file.
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 * @throws {PackflowError} `model.invalid` where the bytes are no protocol-buffer message.
 */
export function readModelGraph(bytes: Uint8Array): ModelGraph {
  const reader = new ProtobufReader(bytes);
  const model = { irVersion: 0, producerName: "", producerVersion: "", domain: "", docString: "" };
  const opsets: { domain: string; version: number }[] = [];
  const metadata: Record<string, string> = Object.create(null);
  let graph = emptyGraph();
  for (let field = reader.field(); field !== undefined; field = reader.field()) {
    if (field === 1) model.irVersion = reader.varint();
    else if (field === 2) model.producerName = reader.text();
    else if (field === 3) model.producerVersion = reader.text();
    else if (field === 4) model.domain = reader.text();
    else if (field === 6) model.docString = reader.text();
    else if (field === 7) graph = readGraph(reader.message());
    else if (field === 8) opsets.push(readOpset(reader.message()));
    else if (field === 14) {
      const [key, value] = readPair(reader.message());
      metadata[key] = value;
    } else reader.skip();
  }
  const own = new Set(graph.initializers.map(({ name }) => name));
  return { ...model, opsets, metadata, ...graph, inputs: graph.inputs.filter(({ name }) => !own.has(name)) };
}

interface Graph {
  readonly inputs: GraphValue[];
  readonly outputs: GraphValue[];
  readonly nodes: GraphNode[];
  readonly initializers: GraphInitializer[];
}

function emptyGraph(): Graph {
  return { inputs: [], outputs: [], nodes: [], initializers: [] };
}

function readGraph(reader: ProtobufReader): Graph {
  const graph = emptyGraph();
  let parts = 0;
  for (let field = reader.field(); field !== undefined; field = reader.field()) {
    if (++parts > MOST_PARTS) {
      const message = `Cannot read model as its graph must have at most ${MOST_PARTS} parts: it has more`;
      throw new PackflowError("model.invalid", message);
    }
    if (field === 1) graph.nodes.push(readNode(reader.message()));
    else if (field === 5) graph.initializers.push(readInitializer(reader.message()));
    else if (field === 11) graph.inputs.push(readValue(reader.message()));
    else if (field === 12) graph.outputs.push(readValue(reader.message()));
    else reader.skip();
  }
  return graph;
}

function readNode(reader: ProtobufReader): GraphNode {
  const node = { opType: "", domain: "", name: "" };
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, GraphAttribute>();
  for (let field = reader.field(); field !== undefined; field = reader.field()) {
    if (field === 1) inputs.push(reader.text());
    else if (field === 2) outputs.push(reader.text());
    else if (field === 3) node.name = reader.text();
    else if (field === 4) node.opType = reader.text();
    else if (field === 5) {
      const { name, attribute } = readAttribute(reader.message());
      attributes.set(name, attribute);
    } else if (field === 7) node.domain = reader.text();
    else reader.skip();
  }
  return { ...node, inputs, outputs, attributes };
}

function readAttribute(reader: ProtobufReader): { name: string; attribute: GraphAttribute } {
  let name = "";
  const attribute: GraphAttribute = { floats: [], ints: [], texts: [], other: false };
  for (let field = reader.field(); field !== undefined; field = reader.field()) {
    if (field === 1) name = reader.text();
    else if (field === 2) attribute.float = reader.float();
    else if (field === 3) attribute.int = reader.varint();
    else if (field === 4) attribute.text = reader.text();
    else if (field === 7) reader.floats(attribute.floats);
    else if (field === 8) reader.varints(attribute.ints);
    else if (field === 9) reader.texts(attribute.texts);
    else {
      // 13 is a comment and 20 the type, which the fields present tell as well.
      if (field !== 13 && field !== 20) attribute.other = true;
      reader.skip();
    }
  }
  return { name, attribute };
}

function readInitializer(reader: ProtobufReader): GraphInitializer {
  let name = "";
  let type = 0;
  let apart = false;
  const dims: number[] = [];
  const external: Record<string, string> = Object.create(null);
  for (let field = reader.field(); field !== undefined; field = reader.field()) {
    if (field === 1) reader.varints(dims);
    else if (field === 2) type = reader.varint();
    else if (field === 8) name = reader.text();
    else if (field === 13) {
      const [key, value] = readPair(reader.message());
      external[key] = value;
    } else if (field === 14) apart = reader.varint() === 1;
    else reader.skip();
  }
  return { name, type: elementType(type), dims, external: apart ? externalPlace(external) : undefined };
}

function externalPlace({ location = "", offset, length }: Readonly<Record<string, string>>) {
  return {
    location,
    ...(offset === undefined ? {} : { offset: Number(offset) }),
    ...(length === undefined ? {} : { length: Number(length) }),
  };
}

function readValue(reader: ProtobufReader): GraphValue {
  let value: GraphValue = { name: "", type: undefined, dims: undefined };
  for (let field = reader.field(); field !== undefined; field = reader.field()) {
    if (field === 1) value = { ...value, name: reader.text() };
    else if (field === 2) value = { ...value, ...readType(reader.message()) };
    else reader.skip();
  }
  return value;
}

function readType(reader: ProtobufReader): Omit<GraphValue, "name"> {
  let element = 0;
  let other = "a value of no type";
  let dims: (number | string | null)[] | undefined;
  for (let field = reader.field(); field !== undefined; field = reader.field()) {
    other = otherTypeName(field) ?? other;
    if (field !== 1) {
      reader.skip();
      continue;
    }
    const tensor = reader.message();
    for (let part = tensor.field(); part !== undefined; part = tensor.field()) {
      if (part === 1) element = tensor.varint();
      else if (part === 2) dims = readShape(tensor.message());
      else tensor.skip();
    }
    other = `a tensor of ${elementTypeName(element)}`;
  }
  const type = elementType(element);
  return type === undefined ? { type, other, dims } : { type, dims };
}

function readShape(reader: ProtobufReader): (number | string | null)[] {
  const dims: (number | string | null)[] = [];
  for (let field = reader.field(); field !== undefined; field = reader.field()) {
    if (field === 1) dims.push(readDimension(reader.message()));
    else reader.skip();
  }
  return dims;
}

function readDimension(reader: ProtobufReader): number | string | null {
  let size: number | string | null = null;
  for (let field = reader.field(); field !== undefined; field = reader.field()) {
    if (field === 1) size = reader.varint();
    else if (field === 2) size = reader.text();
    else reader.skip();
  }
  return size;
}

function readOpset(reader: ProtobufReader): { domain: string; version: number } {
  const opset = { domain: "", version: 0 };
  for (let field = reader.field(); field !== undefined; field = reader.field()) {
    if (field === 1) opset.domain = reader.text();
    else if (field === 2) opset.version = reader.varint();
    else reader.skip();
  }
  return opset;
}

function readPair(reader: ProtobufReader): [key: string, value: string] {
  const pair: [string, string] = ["", ""];
  for (let field = reader.field(); field !== undefined; field = reader.field()) {
    if (field === 1) pair[0] = reader.text();
    else if (field === 2) pair[1] = reader.text();
    else reader.skip();
  }
  return pair;
}
