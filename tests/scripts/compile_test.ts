import assert from "node:assert/strict";
import { isUsed, usedPackages } from "../../scripts/compile.ts";
import { binary } from "../helpers/binary.ts";

const built = await binary();

Deno.test("isUsed keeps what runs, the package's description and its licence", () => {
  const used = [
    ["onnxruntime-common", "dist/esm/index.js"],
    ["onnxruntime-web", "dist/ort-wasm-simd-threaded.wasm"],
    ["@rollup/browser", "dist/es/bindings_wasm_bg.wasm"],
    ["onnxruntime-web", "package.json"],
    ["ignore", "LICENSE-MIT"],
    ["anything", "lib/x.js"],
  ] as const;
  for (const [name, file] of used) assert.equal(isUsed(name, file), true, `${name} ${file}`);
});

Deno.test("isUsed leaves out types, source maps, documents and other builds", () => {
  const unused = [
    ["ignore", "index.d.ts"],
    ["onnxruntime-common", "dist/cjs/index.js"],
    ["onnxruntime-web", "lib/index.ts"],
    ["onnxruntime-web", "dist/ort-wasm-simd-threaded.jsep.wasm"],
    ["onnxruntime-web", "dist/ort.node.min.mjs.map"],
    ["@rollup/browser", "dist/rollup.browser.js"],
    ["anything", "README.md"],
  ] as const;
  for (const [name, file] of unused) assert.equal(isUsed(name, file), false, `${name} ${file}`);
});

Deno.test("usedPackages follows dependencies, through cycles, from the imported packages only", () => {
  const npmPackage = (name: string, ...dependencies: string[]) => ({
    name,
    version: "1.0.0",
    registryUrl: "https://registry.npmjs.org/",
    dependencies,
  });
  const used = usedPackages({
    modules: [{ specifier: "file:///cli.ts" }, { specifier: "npm:/a@1.0.0", npmPackage: "a@1.0.0" }],
    npmPackages: {
      "a@1.0.0": npmPackage("a", "b@1.0.0", "protobufjs@1.0.0", "@types/node@1.0.0"),
      "b@1.0.0": npmPackage("b", "a@1.0.0"),
      "protobufjs@1.0.0": npmPackage("protobufjs", "c@1.0.0"),
      "@types/node@1.0.0": npmPackage("@types/node"),
      "c@1.0.0": npmPackage("c"),
    },
  });
  assert.deepEqual(used, ["a@1.0.0", "b@1.0.0"]);
});

Deno.test({
  name: "the executable holds at most 135 MB",
  ignore: typeof built !== "string",
  async fn() {
    assert.ok(typeof built === "string");
    const { size } = await Deno.stat(built);
    assert.ok(size <= 135e6, `${size} bytes`);
  },
});
