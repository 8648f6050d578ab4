import { strictEqual } from "node:assert/strict";
import { onnxResults } from "../../lib/backend/onnx_results.ts";
import type { Tensor, TensorData, TensorType } from "../../lib/onnx/session.ts";
import { DirectWriter } from "../../lib/records/direct_writer.ts";
import { serialiseResult } from "../../lib/records/serialise_result.ts";
import { type Arbitrary, fc } from "../helpers/fast_check.ts";

/** What the ordinary way writes; undefined where it refuses a result. */
function ordinary(
  names: readonly string[],
  tensors: Record<string, Tensor>,
  events: number,
): string | undefined {
  try {
    return onnxResults(names, tensors, { events, single: false }).map(serialiseResult).join("\n");
  } catch {
    return undefined;
  }
}

function assertSame(names: readonly string[], tensors: Record<string, Tensor>, events: number): void {
  strictEqual(new DirectWriter(names).write(tensors, events, "\n"), ordinary(names, tensors, events));
}

const LIMITS: Partial<Record<TensorType, [number, number]>> = {
  int8: [-128, 127],
  int16: [-32768, 32767],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint8: [0, 255],
  uint16: [0, 65535],
  uint32: [0, 2 ** 32 - 1],
  bool: [0, 1],
  float16: [0, 0x7bff],
};
const ARRAYS = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  bool: Uint8Array,
  float16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
};

function dataOf(type: TensorType, length: number): Arbitrary<TensorData> {
  const many = { minLength: length, maxLength: length };
  if (type === "string") return fc.array(fc.string({ unit: "binary" }), many);
  if (type === "int64") {
    const near = fc.constantFrom(
      0n,
      -1n,
      2n ** 31n,
      -(2n ** 31n),
      2n ** 32n - 1n,
      -(2n ** 32n),
      2n ** 53n,
      2n ** 53n - 1n,
    );
    const value = fc.oneof(near, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
    return fc.array(value, many).map((items) => BigInt64Array.from(items));
  }
  if (type === "uint64") {
    const value = fc.oneof(
      fc.constantFrom(2n ** 32n - 1n, 2n ** 31n, 2n ** 53n),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    );
    return fc.array(value, many).map((items) => BigUint64Array.from(items));
  }
  const [min, max] = LIMITS[type] ?? [0, 0];
  const numbers = type === "float32" || type === "float64"
    ? fc.oneof(
      { weight: 9, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
      fc.constantFrom(-0, 0.1),
    )
    : fc.integer({ min, max });
  return fc.array(numbers, many).map((items) => ARRAYS[type].from(items));
}

const output = fc.record({
  name: fc.constantFrom("label", "probabilities", "1", "0", 'a"b', "größe", ""),
  type: fc.constantFrom<TensorType>(
    ...[
      "string",
      "int64",
      "uint64",
      "float32",
      "float64",
      "float16",
      "bool",
      "int8",
      "uint32",
      "int32",
    ] as const,
  ),
  row: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
});

Deno.test("results are written as JSON.stringify writes the objects of the ordinary way", () => {
  const run = fc.tuple(fc.array(output, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 4 }))
    .chain(
      ([outputs, events]) =>
        fc.tuple(
          fc.constant(events),
          fc.tuple(...outputs.map(({ name, type, row }) =>
            dataOf(type, row.reduce((product, size) => product * size, events)).map((data) => ({
              name,
              tensor: { type, data, dims: [events, ...row] },
            }))
          )),
        ),
    );
  fc.assert(
    fc.property(run, ([events, outputs]) => {
      const tensors = Object.fromEntries(outputs.map(({ name, tensor }) => [name, tensor]));
      assertSame(outputs.map(({ name }) => name), tensors, events);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("what JSON cannot carry, and outputs that do not match the events, are left to the ordinary way", () => {
  const writer = new DirectWriter(["y"]);
  const float = (value: number): Tensor => ({ type: "float32", data: Float32Array.of(1, value), dims: [2] });
  strictEqual(writer.write({ y: float(2) }, 2, ","), '{"y":1},{"y":2}');
  for (const bad of [NaN, Infinity, -Infinity]) {
    strictEqual(writer.write({ y: float(bad) }, 2, ","), undefined);
  }
  strictEqual(writer.write({ y: float(2) }, 1, ","), undefined);
  strictEqual(writer.write({ y: { ...float(2), dims: [] } }, 2, ","), undefined);
  strictEqual(writer.write({ z: float(2) }, 2, ","), undefined);
});

Deno.test("a writer follows outputs whose shape changes from run to run", () => {
  const writer = new DirectWriter(["y"]);
  const data = Float32Array.of(1, 2, 3, 4);
  strictEqual(writer.write({ y: { type: "float32", data, dims: [1, 2, 2] } }, 1, ","), '{"y":[[1,2],[3,4]]}');
  strictEqual(writer.write({ y: { type: "float32", data, dims: [1, 4] } }, 1, ","), '{"y":[1,2,3,4]}');
  strictEqual(
    writer.write({ y: { type: "float32", data, dims: [4] } }, 4, ","),
    '{"y":1},{"y":2},{"y":3},{"y":4}',
  );
});
