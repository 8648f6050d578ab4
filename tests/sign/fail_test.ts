import assert from "node:assert/strict";
import { refuseSignature } from "../../lib/sign/fail.ts";
import { rejects } from "../helpers/rejects.ts";

Deno.test("a refusal has its code, reason, cause and remedy", async () => {
  const cause = new Error("why");
  const refuse = () =>
    refuseSignature("signature.not_valid", "it must be good", { cause, remedy: "Do it again" });
  const error = await rejects(refuse, "signature.not_valid", /^Cannot accept signature as it must be good$/);
  assert.deepEqual([error.cause, error.remedy], [cause, "Do it again"]);
});
