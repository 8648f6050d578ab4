import { OnnxBackend } from "../../lib/backend/onnx_backend.ts";
import type { JsonObject } from "../../lib/base/json.ts";

/** Writes a model into a folder of its own, serves it to a test, and removes both. */
export async function withModelBackend(
  model: Uint8Array,
  config: JsonObject,
  use: (backend: OnnxBackend) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "packflow-model-" });
  try {
    await Deno.writeFile(`${folder}/m.onnx`, model);
    await using backend = await OnnxBackend.create({ folder, config: { model: "m.onnx", ...config } });
    await use(backend);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
