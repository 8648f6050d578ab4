import assert from "node:assert/strict";
import { trustOf } from "../../lib/cli/trust_options.ts";
import { rejects } from "../helpers/rejects.ts";

Deno.test("keys are trusted where a signature is required, and options that check nothing are refused", async () => {
  assert.equal(trustOf({}), undefined);
  assert.deepEqual(trustOf({ requireSignature: true, key: ["a", "b"] }), { keys: ["a", "b"] });
  assert.deepEqual(trustOf({ requireSignature: true, key: ["a"], signature: "s" }), {
    keys: ["a"],
    signature: "s",
  });
  for (const options of [{ key: ["a"] }, { signature: "s" }]) {
    await rejects(() => trustOf(options), "usage.invalid", /add --require-signature$/);
  }
  await rejects(() => trustOf({ requireSignature: true }), "usage.invalid", /name them with --key$/);
});
