import assert from "node:assert/strict";
import { importModule } from "../../lib/host/import_module.ts";
import { ROOT_LINE, ROOT_VARIABLE } from "../../lib/loader/import_meta.ts";
import { placeBundle, portableBundle } from "../../lib/loader/portable_bundle.ts";

const FACTS = {
  entry: "a.ts",
  modules: [{ path: "a.ts", sha256: "0".repeat(64) }],
  packages: [],
  imports: [],
};
const CODE = "import { one } from 'packfl00';\nconst text = 'packflow';\nexport const value = [one, text];\n";

function chunk(code: string) {
  return { code, map: null, mark: "packfl00" };
}

Deno.test("imports of packflow are known by their places, other texts of the name stay", async () => {
  const bundle = portableBundle(chunk(CODE), FACTS);
  assert.match(bundle.code, /^import \{ one \} from 'packflow';/);
  assert.deepEqual(bundle.sdkAt, [CODE.indexOf("packfl00")]);
  const { code } = placeBundle(bundle, {
    folder: "/p",
    packflow: "data:text/javascript,export const one = 1",
  });
  assert.deepEqual((await importModule(code)).value, [1, "packflow"]);
});

Deno.test("a quote in the address of the SDK does not end its string", () => {
  const bundle = portableBundle(chunk(CODE), FACTS);
  const { code } = placeBundle(bundle, { folder: "/p", packflow: "file:///it's/mod.ts" });
  assert.ok(code.startsWith("import { one } from 'file:///it%27s/mod.ts';"));
});

Deno.test("a bundle that asks for its place gets it in its first line, and its map stays true", () => {
  const map = { sources: ["a.ts", "\0helpers"], names: [], mappings: "AAAA" };
  const bundle = portableBundle({
    ...chunk(`export default ${ROOT_VARIABLE}[1];`),
    map: Object.assign(map, {
      version: 3,
      file: "",
      sourcesContent: [],
      debugId: "",
      toString: () => "",
      toUrl: () => "",
    }),
  }, FACTS);
  assert.ok(bundle.code.startsWith(ROOT_LINE));
  assert.equal(bundle.map.mappings, ";AAAA");
  assert.deepEqual(bundle.map.sources, ["a.ts", "node_modules/.packflow/commonjs"]);
  const { code, modules } = placeBundle(bundle, { folder: "/p q" });
  assert.ok(code.startsWith(`const ${ROOT_VARIABLE} = ["file:///p%20q/","/p q/","/"];\n`));
  assert.deepEqual(modules, ["a.ts"]);
});
