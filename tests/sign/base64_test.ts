import assert from "node:assert/strict";
import { decodeBase64 } from "../../lib/sign/base64.ts";
import { fc } from "../helpers/fast_check.ts";

Deno.test("any bytes come back from their base64", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
    assert.deepEqual(decodeBase64(bytes.toBase64()), bytes);
  }));
});

Deno.test("a text that is not the one form of its bytes is refused", () => {
  for (const text of ["YQ", "YR==", "YQ==\n", " YQ==", "Y Q==", "YQ=", "_-__", "YQ===", "é", "YQ==YQ=="]) {
    assert.equal(decodeBase64(text), undefined, text);
  }
});
