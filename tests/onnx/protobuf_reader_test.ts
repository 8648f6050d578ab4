import assert from "node:assert/strict";
import { ProtobufReader } from "../../lib/onnx/protobuf_reader.ts";
import { fc } from "../helpers/fast_check.ts";
import { rejects } from "../helpers/rejects.ts";

const refused = (bytes: Uint8Array, read: (reader: ProtobufReader) => unknown, message: RegExp) =>
  rejects(() => read(new ProtobufReader(bytes)), "model.invalid", message);

/** A number in base 128, low bits first. */
function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}

Deno.test("whole numbers of either sign are read", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      const reader = new ProtobufReader(Uint8Array.from(varint(BigInt(value))));
      assert.equal(reader.varint(), value);
      assert.ok(reader.atEnd);
    }),
  );
  for (const value of [-(2n ** 63n), 2n ** 63n - 1n, -1n]) {
    assert.equal(new ProtobufReader(Uint8Array.from(varint(value))).varint(), Number(value));
  }
});

Deno.test("fields of all kinds are read, and passed over", () => {
  const bytes = Uint8Array.of(
    ...[0x08, 0x05],
    ...[0x12, 0x02, 0x68, 0x69],
    ...[0x1d, 0, 0, 0xc0, 0x3f],
    ...[0x21, 1, 2, 3, 4, 5, 6, 7, 8],
    ...[0x2a, 0x03, 0x01, 0x96, 0x01],
    ...[0x28, 0x07],
  );
  const skipped: (number | undefined)[] = [];
  const skipping = new ProtobufReader(bytes);
  for (let field = skipping.field(); field !== undefined; field = skipping.field()) {
    skipped.push(field);
    skipping.skip();
  }
  assert.deepEqual(skipped, [1, 2, 3, 4, 5, 5]);
  const reader = new ProtobufReader(bytes);
  assert.deepEqual([reader.field(), reader.varint()], [1, 5]);
  assert.deepEqual([reader.field(), reader.text()], [2, "hi"]);
  const floats: number[] = [];
  assert.equal(reader.field(), 3);
  reader.floats(floats);
  assert.deepEqual(floats, [1.5]);
  assert.equal(reader.field(), 4);
  reader.skip();
  const numbers: number[] = [];
  for (let field = reader.field(); field !== undefined; field = reader.field()) reader.varints(numbers);
  assert.deepEqual(numbers, [1, 150, 7]);
});

Deno.test("bytes that are no message are refused, whatever lengths they claim", async () => {
  const skip = (reader: ProtobufReader) => {
    reader.field();
    reader.skip();
  };
  await refused(Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f, 1), skip, /cut short$/);
  await refused(Uint8Array.of(0x0a, ...varint(-1n)), skip, /cut short$/);
  await refused(Uint8Array.of(0x0d, 1, 2), skip, /cut short$/);
  await refused(Uint8Array.of(0x08, 0x80), skip, /number in it must end$/);
  await refused(Uint8Array.of(0x08, ...new Array<number>(9).fill(0x80), 0x02), skip, /at most 64 bits$/);
  await refused(Uint8Array.of(0x0b), skip, /known types$/);
  await refused(Uint8Array.of(0x00, 0x01), (reader) => reader.field(), /numbered from 1$/);
  await refused(Uint8Array.of(0x08, 1), (reader) => {
    reader.field();
    reader.bytes();
  }, /must have a length$/);
});
