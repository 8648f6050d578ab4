/**
 * Writes small ONNX models, for tests that need an input, output or operator that no real model at hand has.
 *
 * @example
 * const bytes = onnxModel({
 *   inputs: [{ name: "x", type: "int64", shape: ["N"] }],
 *   outputs: [{ name: "y", type: "float32", shape: ["N"] }],
 *   nodes: [{ op: "Cast", inputs: ["x"], outputs: ["y"], attributes: { to: elementType("float32") } }],
 * });
 */
import type { TensorType } from "../../lib/onnx/session.ts";

/** Number of an element type in TensorProto.DataType. */
const ELEMENT_TYPES: Record<TensorType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
};

/** A dimension: its size, a symbolic name, or null for one without either. */
export type Dimension = number | string | null;

/** A tensor input or output; `shape` left out declares no rank at all. */
export interface TensorValue {
  readonly name: string;
  readonly type: TensorType;
  readonly shape?: readonly Dimension[];
}

/** An input or output that holds a list of tensors, or (as ZipMap makes) a list of maps to float32. */
export interface SequenceValue {
  readonly name: string;
  readonly sequenceOf: TensorType | { readonly mapFrom: "int64" | "string" };
}

/** An attribute: number (integer), { float }, text, a graph, or a list of integers, floats or texts. */
export type AttributeValue =
  | { readonly graph: GraphDescription }
  | number
  | string
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | readonly number[]
  | readonly string[];

export interface NodeDescription {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Operator set, such as "ai.onnx.ml"; the standard one when left out. */
  readonly domain?: string;
}

/** A constant of the model: raw little-endian bytes, or where `external` is set a file beside the model. */
export interface Initializer {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly data?: Uint8Array | readonly string[];
  readonly external?: string;
  /** Where in that file the bytes begin, and how many they are. */
  readonly range?: { readonly offset: number; readonly length: number };
}

export interface GraphDescription {
  readonly inputs: readonly (TensorValue | SequenceValue)[];
  readonly outputs: readonly (TensorValue | SequenceValue)[];
  readonly nodes: readonly NodeDescription[];
  readonly initializers?: readonly Initializer[];
}

export interface ModelDescription extends GraphDescription {
  readonly irVersion?: number;
  readonly opset?: number;
  readonly producer?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The number that attributes such as Cast's `to` name an element type by. */
export function elementType(type: TensorType): number {
  return ELEMENT_TYPES[type];
}

/** The bytes of an ONNX model. */
export function onnxModel(description: ModelDescription): Uint8Array<ArrayBuffer> {
  return message(
    intField(1, description.irVersion ?? 8),
    textField(2, description.producer ?? "packflow-tests"),
    bytesField(7, graphProto(description)),
    bytesField(8, message(textField(1, ""), intField(2, description.opset ?? 17))),
    bytesField(8, message(textField(1, "ai.onnx.ml"), intField(2, 3))),
    ...Object.entries(description.metadata ?? {}).map(([key, value]) =>
      bytesField(14, message(textField(1, key), textField(2, value)))
    ),
  );
}

/** A model whose only output `y` is its only input `x`, of the same type and shape. */
export function identityModel(type: TensorType, shape?: readonly Dimension[]): Uint8Array<ArrayBuffer> {
  const declared = { type, ...(shape === undefined ? {} : { shape }) };
  return onnxModel({
    inputs: [{ name: "x", ...declared }],
    outputs: [{ name: "y", ...declared }],
    nodes: [{ op: "Identity", inputs: ["x"], outputs: ["y"] }],
  });
}

/** A classifier as converters make it by default: its first output is a sequence of maps. */
export function zipMapModel(): Uint8Array<ArrayBuffer> {
  return onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N", 2] }],
    outputs: [{ name: "maps", sequenceOf: { mapFrom: "int64" } }, {
      name: "scores",
      type: "float32",
      shape: ["N", 2],
    }],
    nodes: [
      { op: "Neg", inputs: ["x"], outputs: ["scores"] },
      {
        op: "ZipMap",
        domain: "ai.onnx.ml",
        inputs: ["scores"],
        outputs: ["maps"],
        attributes: { classlabels_int64s: [0, 1] },
      },
    ],
  });
}

function graphProto({ inputs, outputs, nodes, initializers = [] }: GraphDescription): Uint8Array {
  return message(
    ...nodes.map((node) => bytesField(1, nodeProto(node))),
    textField(2, "graph"),
    ...initializers.map((tensor) => bytesField(5, tensorProto(tensor))),
    ...inputs.map((value) => bytesField(11, valueInfo(value))),
    ...outputs.map((value) => bytesField(12, valueInfo(value))),
  );
}

function nodeProto(node: NodeDescription): Uint8Array {
  return message(
    ...node.inputs.map((name) => textField(1, name)),
    ...node.outputs.map((name) => textField(2, name)),
    textField(4, node.op),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) =>
      bytesField(5, attributeProto(name, value))
    ),
    ...(node.domain === undefined ? [] : [textField(7, node.domain)]),
  );
}

function attributeProto(name: string, value: AttributeValue): Uint8Array {
  const head = textField(1, name);
  if (typeof value === "number") return message(head, intField(3, value), intField(20, 2));
  if (typeof value === "string") return message(head, textField(4, value), intField(20, 3));
  if ("graph" in value) return message(head, bytesField(6, graphProto(value.graph)), intField(20, 5));
  if ("float" in value) return message(head, floatField(2, value.float), intField(20, 1));
  if ("floats" in value) {
    return message(head, ...value.floats.map((item) => floatField(7, item)), intField(20, 6));
  }
  const texts = value.filter((item) => typeof item === "string");
  if (texts.length > 0) return message(head, ...texts.map((text) => textField(9, text)), intField(20, 8));
  return message(head, ...value.map((item) => intField(8, Number(item))), intField(20, 7));
}

function tensorProto(tensor: Initializer): Uint8Array {
  const head = [
    ...tensor.shape.map((size) => intField(1, size)),
    intField(2, elementType(tensor.type)),
    textField(8, tensor.name),
  ];
  if (tensor.external !== undefined) {
    const places = Object.entries({ location: tensor.external, ...tensor.range });
    const pairs = places.map(([key, value]) =>
      bytesField(13, message(textField(1, key), textField(2, String(value))))
    );
    return message(...head, ...pairs, intField(14, 1));
  }
  const data = tensor.data ?? new Uint8Array();
  if (data instanceof Uint8Array) return message(...head, bytesField(9, data));
  return message(...head, ...data.map((text) => textField(6, text)));
}

function valueInfo(value: TensorValue | SequenceValue): Uint8Array {
  const type = "type" in value ? tensorType(value.type, value.shape) : sequenceType(value.sequenceOf);
  return message(textField(1, value.name), bytesField(2, type));
}

function tensorType(type: TensorType, shape: readonly Dimension[] | undefined): Uint8Array {
  if (shape === undefined) return message(bytesField(1, message(intField(1, elementType(type)))));
  const dimensions = shape.map((size) => {
    if (size === null) return bytesField(1, message());
    return bytesField(1, message(typeof size === "number" ? intField(1, size) : textField(2, size)));
  });
  return message(
    bytesField(1, message(intField(1, elementType(type)), bytesField(2, message(...dimensions)))),
  );
}

function sequenceType(of: SequenceValue["sequenceOf"]): Uint8Array {
  const element = typeof of === "string" ? tensorType(of, undefined) : message(
    bytesField(5, message(intField(1, elementType(of.mapFrom)), bytesField(2, tensorType("float32", [])))),
  );
  return message(bytesField(4, message(bytesField(1, element))));
}

function message(...fields: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(fields.reduce((sum, field) => sum + field.length, 0));
  let offset = 0;
  for (const field of fields) {
    bytes.set(field, offset);
    offset += field.length;
  }
  return bytes;
}

function intField(field: number, value: number): Uint8Array {
  return message(varint(field << 3), varint(value));
}

function floatField(field: number, value: number): Uint8Array {
  return message(varint((field << 3) | 5), new Uint8Array(new Float32Array([value]).buffer));
}

function textField(field: number, value: string): Uint8Array {
  return bytesField(field, new TextEncoder().encode(value));
}

function bytesField(field: number, value: Uint8Array): Uint8Array {
  return message(varint((field << 3) | 2), varint(value.length), value);
}

/** A 64-bit number in base 128, low bits first; a negative one as its two's complement. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return new Uint8Array(bytes);
}
