/** `create --from` on models that mean harm: a project, or an error that names the model; nothing is left behind. */
import assert from "node:assert/strict";
import { messageOf, PackflowError } from "../../lib/base/errors.ts";
import { createProject } from "../../lib/project/create_project.ts";
import { HOSTILE_MODELS } from "../helpers/hostile_models.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const BUILD_PATH = /[\w./\\]+\.(?:cc|cpp|h|hpp)\b|\/(?:mnt|build|onnxruntime_src|_work)\/|onnxruntime::/;

Deno.test("create --from survives every hostile model and says which file it was", async () => {
  let made = 0;
  let refused = 0;
  for (const [name, model] of Object.entries(HOSTILE_MODELS)) {
    await using folder = await tempFolder();
    const path = `${folder.path}/hostile.onnx`;
    await Deno.writeFile(path, model());
    const files = () => Array.from(Deno.readDirSync(folder.path), (entry) => entry.name).sort();
    try {
      const { notes } = await createProject({ name: "demo", parent: folder.path, model: path });
      assert.doesNotMatch(notes.join("\n"), BUILD_PATH, name);
      assert.deepEqual(files(), ["demo", "hostile.onnx"], name);
      made++;
    } catch (error) {
      assert.ok(error instanceof PackflowError, `${name}: ${messageOf(error)}`);
      assert.doesNotMatch(error.message, BUILD_PATH, name);
      if (error.code.startsWith("model.")) {
        assert.ok(error.message.includes(path), `${name}: ${error.message}`);
      }
      assert.deepEqual(files(), ["hostile.onnx"], name);
      refused++;
    }
  }
  console.log(
    `${made + refused} hostile models: ${refused} refused, ${made} made into projects, 0 left behind`,
  );
  assert.ok(refused > made);
});
