import assert from "node:assert/strict";
import { encodeBase64 } from "../../lib/host/base64.ts";

Deno.test("encodeBase64 encodes the UTF-8 bytes", () => {
  assert.equal(encodeBase64(""), "");
  assert.equal(encodeBase64("a🚀"), "YfCfmoA=");
});
