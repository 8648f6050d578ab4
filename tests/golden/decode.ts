/** Turns the notation of the golden vectors into values and options of ours. */

/** An instance that nothing knows how to serialise. */
export class Opaque {}

type Special = Record<string, unknown> & { readonly $t: string };

/** Replaces every `{"$t": ...}` by the value it stands for; anything else is copied. */
export function decodeSpecial(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeSpecial);
  if (typeof value !== "object" || value === null) return value;
  if (Object.hasOwn(value, "$t")) return decode(value as Special);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decodeSpecial(inner)]));
}

function decode(special: Special): unknown {
  switch (special.$t) {
    case "float":
      return Number(special.v);
    case "int": // What JSON.parse makes of such a number.
      return Number(special.v);
    case "ndarray":
      return decodeArray(special);
    case "scalar":
      return special.v;
    case "tuple":
      return decodeSpecial(special.v);
    case "set":
      return new Set(decodeSpecial(special.v) as unknown[]);
    case "map":
      return new Map(decodeSpecial(special.v) as [unknown, unknown][]);
    case "bytes":
      return Uint8Array.fromHex(String(special.hex ?? special.v));
    case "date":
    case "datetime":
      return new Date(String(special.v));
    case "iterator":
      return (decodeSpecial(special.v ?? []) as unknown[]).values();
    default: // "opaque", "decimal"
      return new Opaque();
  }
}

const TYPED_ARRAYS: Record<string, (data: number[]) => ArrayBufferView> = {
  float64: (data) => Float64Array.from(data),
  float32: (data) => Float32Array.from(data),
  float16: (data) => Float32Array.from(data),
  int64: (data) => BigInt64Array.from(data.map(BigInt)),
  uint64: (data) => BigUint64Array.from(data.map(BigInt)),
  int32: (data) => Int32Array.from(data),
  uint8: (data) => Uint8Array.from(data),
  bool: (data) => Uint8Array.from(data, Number),
};

/** Numbers become a tensor `{data, shape}`, strings and objects nested arrays, as JavaScript has no array type for them. */
function decodeArray(special: Special): unknown {
  const data = decodeSpecial(special.data) as number[];
  const shape = special.shape as number[];
  const typed = TYPED_ARRAYS[String(special.dtype)];
  if (typed !== undefined) return { data: typed(data), shape };
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const nest = (axis: number, from: number): unknown =>
    axis === shape.length
      ? data[from]
      : Array.from({ length: shape[axis] ?? 0 }, (_, i) => nest(axis + 1, from + i * (strides[axis] ?? 1)));
  return nest(0, 0);
}

/** The original's option name as ours: `feature_names` is `featureNames`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The original's options as ours; "numpy" is our "tensor". Values are left as they are. */
export function ourConfig(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [camelCase(name), value === "numpy" ? "tensor" : value]),
  );
}
