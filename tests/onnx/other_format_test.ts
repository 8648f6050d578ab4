import assert from "node:assert/strict";
import { otherFormat } from "../../lib/onnx/other_format.ts";
import { identityModel } from "../helpers/onnx_model.ts";

Deno.test("names what is taken for a model, and passes models by", () => {
  const of = (text: string) => otherFormat(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
  assert.match(of("version https://git-lfs.github.com/spec/v1") ?? "", /^a Git LFS pointer/);
  assert.match(of("PK\x03\x04...") ?? "", /PyTorch/);
  assert.match(of("\x89HDF\r\n") ?? "", /Keras/);
  assert.match(of("\x80\x04\x95") ?? "", /pickle/);
  assert.match(of("\x1f\x8b") ?? "", /gzip/);
  assert.equal(of(""), "an empty file");
  assert.equal(of("P"), undefined);
  assert.equal(otherFormat(identityModel("float32", ["N", 1])), undefined);
});
