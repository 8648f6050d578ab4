import assert from "node:assert/strict";
import { join } from "node:path";
import { sdkProblems, writeSdkReference } from "../../scripts/sdk_reference.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

Deno.test("the reference of the SDK is complete", async () => {
  assert.deepEqual(await sdkProblems(), []);
});

Deno.test("tells of a symbol without text, of a type that nobody can look up, and of a function without example", async () => {
  await using folder = await tempFolder();
  const module = join(folder.path, "m.ts");
  await Deno.writeTextFile(
    module,
    `interface Secret { a: 1 }
    /** Has a text. */
    export function open(_: Secret): void {}
    export interface Untold {}`,
  );
  const problems = (await sdkProblems(module)).join("\n");
  assert.match(problems, /missing-jsdoc[^]*private-type-ref|private-type-ref[^]*missing-jsdoc/);
  assert.match(problems, /^open has no @example$/m);
});

Deno.test("the reference can be written as pages, zod as one name that leads to its own site", async () => {
  await using folder = await tempFolder();
  await writeSdkReference(folder.path);
  const page = async (name: string) => await Deno.readTextFile(join(folder.path, "~", `${name}.html`));
  assert.match(await Deno.readTextFile(join(folder.path, "index.html")), /InferenceBackend/);
  assert.match(await page("OnnxBackend"), /Serves an ONNX model without any code/);
  assert.match(await page("OnnxBackend"), /import \{ OnnxBackend \} from &quot;packflow&quot;/);
  assert.doesNotMatch(await page("OnnxBackend"), /DIRECT_MODEL/, "what only Packflow calls is left out");
  assert.match(await page("z"), /zod\.dev/);
});
