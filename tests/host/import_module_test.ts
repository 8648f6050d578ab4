import assert from "node:assert/strict";
import { importModule } from "../../lib/host/import_module.ts";

Deno.test("importModule imports a text, whatever characters it holds", async () => {
  const { text } = await importModule('export const text = "è🚀 #%?&";');
  assert.equal(text, "è🚀 #%?&");
});

Deno.test("importModule waits for top-level await and rejects with what the module throws", async () => {
  assert.equal((await importModule("export const x = await Promise.resolve(1);")).x, 1);
  await assert.rejects(importModule('throw new RangeError("at import");'), RangeError);
  await assert.rejects(importModule("const a = ;"), /SyntaxError/);
});

Deno.test("importModule makes one module of the same text", async () => {
  const text = "export const token = {};";
  assert.equal((await importModule(text)).token, (await importModule(text)).token);
});
