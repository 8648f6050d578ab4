import assert from "node:assert/strict";
import { elementCodec, elementReader } from "../../lib/onnx/element_codec.ts";
import type { TensorType } from "../../lib/onnx/session.ts";
import { fc } from "../helpers/fast_check.ts";

/** The value after it has gone in and come out; undefined where it was refused. */
function roundTrip(type: TensorType, value: unknown): unknown {
  const writer = elementCodec(type).writer(3);
  return writer.set(1, value) ? elementReader(type, writer.data)(1) : undefined;
}

function assertTaken(type: TensorType, values: readonly unknown[]): void {
  for (const value of values) assert.deepEqual(roundTrip(type, value), value, `${type} ${value}`);
}

function assertRefused(type: TensorType, values: readonly unknown[]): void {
  for (const value of values) {
    const writer = elementCodec(type).writer(1);
    const before = [...writer.data];
    assert.equal(writer.set(0, value), false, `${type} ${String(value)}`);
    assert.deepEqual([...writer.data], before);
  }
}

const NO_NUMBERS = [null, undefined, "1", "", [1], [], {}, () => 1];

Deno.test("elementCodec takes numbers for floats, NaN and infinity too", () => {
  for (const type of ["float32", "float64", "float16"] as const) {
    assertTaken(type, [0, -0, 1.5, -0.25, 2048, NaN, Infinity, -Infinity]);
    assertRefused(type, [...NO_NUMBERS, 1n]);
    assert.equal(elementCodec(type).hasNaN, true);
  }
  assert.equal(roundTrip("float32", 0.1), Math.fround(0.1));
  assert.equal(roundTrip("float64", 0.1), 0.1);
  assert.equal(roundTrip("float16", 1 / 3), 0.333251953125);
  assert.equal(roundTrip("float16", 1e6), Infinity);
});

Deno.test("elementCodec takes whole numbers in range for integers", () => {
  const limits: readonly [TensorType, number, number][] = [
    ["int8", -128, 127],
    ["int16", -32768, 32767],
    ["int32", -2147483648, 2147483647],
    ["uint8", 0, 255],
    ["uint16", 0, 65535],
    ["uint32", 0, 4294967295],
  ];
  for (const [type, least, most] of limits) {
    assertTaken(type, [least, 0, 1, most]);
    assertRefused(type, [...NO_NUMBERS, least - 1, most + 1, 0.5, NaN, Infinity, 1n, "7"]);
    assert.equal(elementCodec(type).expected, `an integer from ${least} to ${most}`);
    assert.equal(elementCodec(type).hasNaN, false);
  }
});

Deno.test("elementCodec takes 64-bit integers as safe numbers, and beyond 2^53 as strings of digits both ways", () => {
  const large = "9007199254740993";
  assertTaken("int64", [
    0,
    -5,
    Number.MAX_SAFE_INTEGER,
    large,
    `-${large}`,
    "9223372036854775807",
    "-9223372036854775808",
  ]);
  assertTaken("uint64", [0, 5, large, "18446744073709551615"]);
  assert.equal(roundTrip("int64", "12"), 12);
  assert.equal(roundTrip("int64", 12n), 12);
  assert.equal(roundTrip("int64", 2 ** 53), undefined, "not exact as a JSON number");
  assertRefused("int64", [
    null,
    undefined,
    "",
    "1.5",
    "1e3",
    " 1",
    "0x10",
    1.5,
    NaN,
    2 ** 63,
    "9223372036854775808",
  ]);
  assertRefused("uint64", [-1, "-1", "18446744073709551616", "9".repeat(30)]);
});

Deno.test("elementCodec takes booleans and 0 and 1 for bool, and booleans as 1 and 0 for numbers", () => {
  assertTaken("bool", [true, false]);
  assert.equal(roundTrip("bool", 1), true);
  assert.equal(roundTrip("bool", 0), false);
  assertRefused("bool", [2, "true", null, undefined, NaN, []]);
  for (const type of ["float32", "float16", "int8", "uint64"] as const) {
    assert.equal(roundTrip(type, true), 1);
    assert.equal(roundTrip(type, false), 0);
  }
});

Deno.test("elementCodec takes strings that the runtime can carry", () => {
  assertTaken("string", ["", "a b", "Zürich", "😀"]);
  assertRefused("string", [1, true, null, undefined, ["a"], "a\0b", "\ud800"]);
});

Deno.test("elementCodec stores exactly what it accepts", () => {
  const types = [
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float64",
  ] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...types),
      fc.oneof(fc.integer(), fc.double(), fc.maxSafeInteger()),
      (type, value) => {
        const stored = roundTrip(type, value);
        assert(stored === undefined || Object.is(stored, value) || stored === value);
      },
    ),
  );
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
    assert.equal(BigInt(String(roundTrip("int64", String(value)))), value);
  }));
});
