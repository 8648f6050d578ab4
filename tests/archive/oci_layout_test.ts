import assert from "node:assert/strict";
import { blobPath, layerType, makeOciLayout, OCI } from "../../lib/archive/oci_layout.ts";
import { makePackageManifest } from "../../lib/archive/package_manifest.ts";
import { sha256 } from "../../lib/archive/sha256.ts";
import { entryOf, file } from "../helpers/archives.ts";
import { assertOci, ociProblems } from "../helpers/oci_schema.ts";

const FILES = [
  file("README.md", "read"),
  file("inference.ts", "code"),
  file("models/m.onnx", "weights"),
  file("packflow.jsonc", "{}"),
  file("run.sh", "#!/bin/sh", 0o755),
  file("same.onnx", "weights"),
];
const ABOUT = { description: "Tells flowers apart", authors: ["ada"], license: "MIT" };

async function layoutOf(version = "1.2.3") {
  const manifest = await makePackageManifest(FILES.map(entryOf), { name: "iris", version });
  return { manifest, layout: await makeOciLayout(manifest, ABOUT) };
}

// deno-lint-ignore no-explicit-any -- documents whose shape the schemas assert
function parse(bytes: Uint8Array | undefined): any {
  return JSON.parse(new TextDecoder().decode(bytes));
}

Deno.test("makes documents that the OCI image specification's own schemas accept", async () => {
  const { layout } = await layoutOf();
  const index = parse(layout.documents.get(OCI.indexFile));
  await assertOci("layout", parse(layout.documents.get(OCI.layoutFile)));
  await assertOci("index", index);
  const image = parse(layout.documents.get(blobPath(index.manifests[0].digest)));
  await assertOci("manifest", image);
  const broken = { ...image, layers: [{ ...image.layers[0], digest: "none" }], config: {} };
  assert.ok((await ociProblems("manifest", broken)).length >= 4);
});

Deno.test("follows ModelPack: artifact type, configuration, one raw layer a file with its path", async () => {
  const { layout, manifest } = await layoutOf();
  const [named] = parse(layout.documents.get(OCI.indexFile)).manifests;
  const imageBytes = layout.documents.get(blobPath(named.digest)) ?? new Uint8Array();
  assert.deepEqual(named, {
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    digest: `sha256:${await sha256(imageBytes)}`,
    size: imageBytes.length,
    artifactType: "application/vnd.cncf.model.manifest.v1+json",
    annotations: { "org.opencontainers.image.ref.name": "1.2.3" },
  });
  assert.equal(layout.sha256, named.digest.slice(7));
  const image = parse(imageBytes);
  assert.equal(image.artifactType, "application/vnd.cncf.model.manifest.v1+json");
  assert.equal(image.config.mediaType, "application/vnd.cncf.model.config.v1+json");
  // deno-lint-ignore no-explicit-any -- as above
  const layers = image.layers.map(({ mediaType, annotations, size }: any) =>
    `${mediaType.replace("application/vnd.cncf.model.", "")} ${size} ${
      annotations["org.cncf.model.filepath"]
    }`
  );
  const listSize = image.layers[0].size;
  assert.deepEqual(layers, [
    `weight.config.v1.raw ${listSize} MANIFEST.json`,
    "doc.v1.raw 4 README.md",
    "code.v1.raw 4 inference.ts",
    "weight.v1.raw 7 models/m.onnx",
    "weight.config.v1.raw 2 packflow.jsonc",
    "code.v1.raw 9 run.sh",
    "weight.v1.raw 7 same.onnx",
  ]);
  assert.deepEqual(JSON.parse(image.layers[5].annotations["org.cncf.model.file.metadata+json"]), {
    name: "run.sh",
    mode: 0o755,
    uid: 0,
    gid: 0,
    size: 9,
    mtime: "1980-01-01T00:00:00Z",
    typeflag: 48,
  });
  const config = parse(layout.documents.get(blobPath(image.config.digest)));
  assert.deepEqual(config, {
    descriptor: {
      name: "iris",
      version: "1.2.3",
      description: "Tells flowers apart",
      authors: ["ada"],
      licenses: ["MIT"],
    },
    // deno-lint-ignore no-explicit-any -- as above
    modelfs: { type: "layers", diffIds: image.layers.map(({ digest }: any) => digest) },
    config: { format: "onnx" },
  });
  const listed = manifest.files.reduce((sum, { size }) => sum + size, 0);
  assert.equal(layout.size, listed + listSize + imageBytes.length + image.config.size);
});

Deno.test("gives equal documents for equal packages, and a tag that registries take", async () => {
  assert.deepEqual((await layoutOf()).layout, (await layoutOf()).layout);
  const { layout } = await layoutOf("1.0.0-rc.1+build.5");
  const [named] = parse(layout.documents.get(OCI.indexFile)).manifests;
  assert.equal(named.annotations["org.opencontainers.image.ref.name"], "1.0.0-rc.1_build.5");
});

Deno.test("tells by a file's name what it is to the model", () => {
  const kinds = {
    weight: ["m.onnx", "a/b.ORT", "w.safetensors", "m.onnx_data"],
    doc: ["LICENSE", "docs/LICENCE.txt", "MODEL_CARD.md", "notes.pdf", "NOTICE"],
    dataset: ["golden.ndjson", "a.csv.gz", "t.parquet"],
    "weight.config": ["tokenizer.json", "packflow.jsonc", "x.yaml"],
    code: ["inference.ts", ".packflow/bundle.js", ".gitignore", "Makefile"],
  };
  for (const [kind, names] of Object.entries(kinds)) {
    for (const name of names) {
      assert.equal(layerType(name), `application/vnd.cncf.model.${kind}.v1.raw`, name);
    }
  }
});
