import assert from "node:assert/strict";
import { VERSION } from "../../lib/base/version.ts";
import { Manifest } from "../../lib/config/manifest.ts";
import { ORT_WEB_VERSION } from "../../lib/deps/ort_web_folder.ts";
import { makeSbom, type SbomParts } from "../../lib/project/sbom.ts";
import { cyclonedxProblems } from "../helpers/cyclonedx.ts";

const SHA256 = "ab".repeat(32);

function bundled(name: string, version: string, more: object = {}) {
  return { name, version, files: 2, sha256: SHA256, imports: [], ...more };
}

const PARTS: SbomParts = {
  manifest: Manifest.parse({
    name: "scores",
    version: "1.2.3+build.5",
    description: "Scores",
    maintainers: ["ada"],
    license: "Apache-2.0",
  }),
  bundle: {
    entry: "inference.ts",
    modules: [{ path: "inference.ts", sha256: SHA256 }],
    packages: [
      bundled("@scope/tool", "2.0.0-rc.1", { license: "(MIT OR Apache-2.0)", imports: ["tiny@1.0.0"] }),
      bundled("odd", "0.1.0", { license: "SEE LICENSE IN x.md", integrity: "md5-xx nonsense" }),
      bundled("tiny", "1.0.0", {
        license: "MIT",
        integrity: `sha512-${btoa("\0".repeat(64))} sha1-${btoa("x".repeat(20))}`,
      }),
    ],
    imports: ["@scope/tool@2.0.0-rc.1", "odd@0.1.0"],
  },
  models: [{
    path: "models/a.onnx",
    sha256: SHA256,
    graph: { inputs: ["x: float32[N, 2]"], outputs: ["y: int64[N]"] },
    properties: [{ name: "packflow:onnx:opset", value: "ai.onnx 17" }],
  }, { path: "models/not.onnx", sha256: SHA256, graph: undefined, properties: [] }],
};

Deno.test("the official schema of CycloneDX 1.6 accepts it, with everything in it and with next to nothing", async () => {
  assert.deepEqual(await cyclonedxProblems(JSON.parse(makeSbom(PARTS))), []);
  const least = { manifest: Manifest.parse({ name: "a" }), bundle: undefined, models: [] };
  assert.deepEqual(await cyclonedxProblems(JSON.parse(makeSbom(least))), []);
  assert.notDeepEqual(
    await cyclonedxProblems({ ...JSON.parse(makeSbom(least)), components: [{ type: "x" }] }),
    [],
  );
});

Deno.test("packages have purl, version, licence and hashes; models their inputs and outputs", () => {
  const { components, metadata } = JSON.parse(makeSbom(PARTS));
  const byRef = Object.fromEntries(components.map((each: { "bom-ref": string }) => [each["bom-ref"], each]));
  assert.deepEqual(Object.keys(byRef), [
    "model:models/a.onnx",
    "model:models/not.onnx",
    `pkg:generic/packflow@${VERSION}`,
    "pkg:npm/%40scope/tool@2.0.0-rc.1",
    "pkg:npm/odd@0.1.0",
    `pkg:npm/onnxruntime-web@${ORT_WEB_VERSION}`,
    "pkg:npm/tiny@1.0.0",
  ]);
  const tool = byRef["pkg:npm/%40scope/tool@2.0.0-rc.1"];
  assert.deepEqual([tool.group, tool.name, tool.purl, tool.licenses, tool.hashes], [
    "@scope",
    "tool",
    "pkg:npm/%40scope/tool@2.0.0-rc.1",
    [{ expression: "(MIT OR Apache-2.0)" }],
    undefined,
  ]);
  assert.deepEqual(byRef["pkg:npm/odd@0.1.0"].licenses, [{ license: { name: "SEE LICENSE IN x.md" } }]);
  assert.deepEqual(byRef["pkg:npm/tiny@1.0.0"].hashes, [
    { alg: "SHA-512", content: "00".repeat(64) },
    { alg: "SHA-1", content: "78".repeat(20) },
  ]);
  assert.deepEqual(byRef["model:models/a.onnx"].modelCard.modelParameters, {
    inputs: [{ format: "x: float32[N, 2]" }],
    outputs: [{ format: "y: int64[N]" }],
  });
  assert.equal(byRef["model:models/not.onnx"].modelCard, undefined);
  assert.equal(metadata.component["bom-ref"], "pkg:generic/scores@1.2.3%2Bbuild.5");
});

Deno.test("the graph says what needs what, and every part is in it once", () => {
  const { components, dependencies, metadata } = JSON.parse(makeSbom(PARTS));
  const graph = new Map<string, string[]>(
    dependencies.map(({ ref, dependsOn }: { ref: string; dependsOn: string[] }) => [ref, dependsOn]),
  );
  const refs = components.map((each: { "bom-ref": string }) => each["bom-ref"]);
  assert.deepEqual([...graph.keys()].sort(), [...refs, metadata.component["bom-ref"]].sort());
  assert.deepEqual(graph.get("pkg:npm/%40scope/tool@2.0.0-rc.1"), ["pkg:npm/tiny@1.0.0"]);
  assert.deepEqual(graph.get("model:models/a.onnx"), [`pkg:npm/onnxruntime-web@${ORT_WEB_VERSION}`]);
  const needs = graph.get("pkg:generic/scores@1.2.3%2Bbuild.5") ?? [];
  assert.ok(needs.includes("pkg:npm/odd@0.1.0") && !needs.includes("pkg:npm/tiny@1.0.0"), `${needs}`);
});

Deno.test("equal parts give equal text, with no time and no serial number", () => {
  const text = makeSbom(PARTS);
  assert.equal(makeSbom(PARTS), text);
  assert.doesNotMatch(text, /timestamp|serialNumber/);
});

Deno.test("the version of ONNX Runtime is the one that is imported", async () => {
  const source = await Deno.readTextFile(new URL("../../lib/deps/ort_web.ts", import.meta.url));
  assert.ok(source.includes(`npm:onnxruntime-web@${ORT_WEB_VERSION}"`));
});
