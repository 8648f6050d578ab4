import assert from "node:assert/strict";
import { pemBlocks, pemText } from "../../lib/sign/pem.ts";
import { fc } from "../helpers/fast_check.ts";

Deno.test("any bytes come back from a PEM block, with whatever stands around it", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), fc.constantFrom("\n", "\r\n"), (all, end) => {
      const text = all.map((bytes) => `a note\n${pemText("SOME KEY", bytes)}`).join("\n").replaceAll(
        "\n",
        end,
      );
      assert.deepEqual(pemBlocks(text), all.map((bytes) => ({ label: "SOME KEY", bytes })));
    }),
  );
});

Deno.test("lines have 64 characters, and each is ended", () => {
  const lines = pemText("X", new Uint8Array(50)).split("\n");
  assert.deepEqual(lines.map((line) => line.length), [17, 64, 4, 15, 0]);
});

Deno.test("a block without its end is none, and one whose text is not base64 has no bytes", () => {
  const text = pemText("A", new Uint8Array(9));
  for (
    const bad of ["", text.replace("END A", "END B"), text.slice(0, -8), text.replaceAll("-----", "----")]
  ) {
    assert.deepEqual(pemBlocks(bad), []);
  }
  assert.deepEqual(pemBlocks(text.replace("AAAA", "A*AA")), [{ label: "A", bytes: undefined }]);
  assert.deepEqual(pemBlocks(text.replace("AAAA", "AAA")), [{ label: "A", bytes: undefined }]);
});
