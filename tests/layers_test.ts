import assert from "node:assert/strict";
import { cycles } from "../scripts/check.ts";
import { LAYERS } from "../scripts/lint/layers.ts";
import plugin from "../scripts/lint_plugin.ts";
import { ROOT } from "../scripts/run_deno.ts";

async function productFiles(folder = "lib"): Promise<string[]> {
  const files = await Array.fromAsync(Deno.readDir(ROOT + folder), ({ name, isDirectory }) => {
    return isDirectory ? productFiles(`${folder}/${name}`) : [`${folder}/${name}`];
  });
  return files.flat().filter((file) => file.endsWith(".ts"));
}

Deno.test("every folder of lib has its place in the layers", async () => {
  const folders = await Array.fromAsync(Deno.readDir(`${ROOT}lib`), ({ name }) => name);
  assert.deepEqual(folders.filter((folder) => !LAYERS.flat().includes(folder)), []);
});

Deno.test("every import of the product points down the layers", async () => {
  const files = [...await productFiles(), "mod.ts", "cli.ts"];
  assert.ok(files.length > 20, `found ${files.length} files`);
  const rules = ["packflow/layers", "packflow/third-party-in-deps", "packflow/host-only"];
  for (const file of files) {
    const found = Deno.lint.runPlugin(plugin, ROOT + file, await Deno.readTextFile(ROOT + file));
    assert.deepEqual(found.filter(({ id }) => rules.includes(id)).map(({ message }) => message), [], file);
  }
});

Deno.test("no module of the product needs itself", async () => {
  assert.deepEqual(await cycles(ROOT), []);
});
