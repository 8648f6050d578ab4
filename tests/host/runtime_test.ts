import assert from "node:assert/strict";
import { executablePath, isCompiled, operatingSystem } from "../../lib/host/runtime.ts";

Deno.test("tests run from source, on Deno", () => {
  assert.deepEqual([isCompiled(), executablePath(), operatingSystem()], [
    false,
    Deno.execPath(),
    Deno.build.os,
  ]);
});
