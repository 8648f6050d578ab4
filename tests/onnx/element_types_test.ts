import assert from "node:assert/strict";
import { elementType, elementTypeName, otherTypeName } from "../../lib/onnx/element_types.ts";

Deno.test("types have the numbers of onnx.proto", () => {
  assert.deepEqual([1, 7, 8, 13].map(elementType), ["float32", "int64", "string", "uint64"]);
  assert.deepEqual([0, 14, 99].map(elementType), [undefined, undefined, undefined]);
  assert.deepEqual([1, 14, 16, 23, 24].map(elementTypeName), [
    "float32",
    "complex64",
    "bfloat16",
    "float4e2m1",
    "the element type 24",
  ]);
  assert.deepEqual([1, 4, 9].map(otherTypeName), [undefined, "a sequence", "an optional value"]);
});
