import assert from "node:assert/strict";
import { VERSION } from "../../lib/base/version.ts";

Deno.test("VERSION is the one of deno.json, a semantic version", async () => {
  const text = await Deno.readTextFile(new URL("../../deno.json", import.meta.url));
  assert.equal(VERSION, JSON.parse(text).version);
  assert.match(VERSION, /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/);
});
