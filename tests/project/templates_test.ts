import assert from "node:assert/strict";
import { Manifest } from "../../lib/config/manifest.ts";
import { parseManifest } from "../../lib/config/parse_manifest.ts";
import { readTemplate, TEMPLATE_MARK, TEMPLATE_NAMES } from "../../lib/project/templates.ts";

Deno.test("fills in names, also as JSON, and leaves models as they are", async () => {
  const files = await readTemplate("from_model", {
    name: "my-model",
    config: '{ "a": 1 }',
    model: "$&.onnx",
  });
  const manifest = parseManifest(new TextDecoder().decode(files.get("packflow.jsonc")), "packflow.jsonc");
  assert.deepEqual([manifest.name, manifest.config], ["my-model", { a: 1 }]);
  assert.match(new TextDecoder().decode(files.get("README.md")), /a copy of `\$&\.onnx`/);
  const model = (await readTemplate("onnx", { name: "x" })).get("model.onnx");
  assert.deepEqual(model, await Deno.readFile(new URL("../../templates/onnx/model.onnx", import.meta.url)));
});

Deno.test("has in every template what a project should have, marked as not yet the author's own", async () => {
  for (const name of TEMPLATE_NAMES) {
    const files = await readTemplate(name, { name: "demo" });
    for (const path of ["README.md", "MODEL_CARD.md", "LICENSE"]) {
      const text = new TextDecoder().decode(files.get(path));
      assert.ok(
        text.startsWith(`<!-- ${TEMPLATE_MARK}`) || text.startsWith(TEMPLATE_MARK),
        `${name} ${path}`,
      );
      assert.ok(text.includes("demo") && !text.includes("{{"), `${name} ${path}`);
    }
    for (const path of ["packflow.jsonc", "golden.ndjson", "events.ndjson", ".gitignore"]) {
      assert.ok(files.has(path), `${name} ${path}`);
    }
    assert.ok(
      Manifest.safeParse(parseManifest(new TextDecoder().decode(files.get("packflow.jsonc")), "x")).success,
    );
  }
});
