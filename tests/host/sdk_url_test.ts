import assert from "node:assert/strict";
import { sdkNames, sdkUrl } from "../../lib/host/sdk_url.ts";

Deno.test("sdkUrl is the URL of the public entry", () => {
  assert.equal(sdkUrl(), import.meta.resolve("packflow"));
});

Deno.test("sdkNames lists what the public entry exports", async () => {
  const names = await sdkNames();
  assert.ok(names.includes("InferenceBackend") && names.includes("loadBackend"), String(names));
});
