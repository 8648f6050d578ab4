import type { JsonObject } from "../base/json.ts";
import { readFileHead } from "../host/files.ts";
import { joinPath } from "../host/path.ts";
import { looksLikeTrees } from "../onnx/tree_session.ts";

/** Far enough into a model's file to meet the name of its first operator. */
const HEAD_BYTES = 4096;

/**
 * Whether a project's model is likely to want ONNX Runtime, so that loading it early saves time. Trees do without:
 * for them it would take the processor from those who have work to do.
 *
 * @param config Options of the backend.
 */
export async function wantsRuntime(folder: string, options: JsonObject): Promise<boolean> {
  const { model, device = "auto", threads = 1 } = options;
  // The first use decides on the number of threads.
  if (threads !== 1 || device !== "auto" && device !== "wasm") return false;
  if (typeof model !== "string" || device === "wasm") return true;
  try {
    return !looksLikeTrees(await readFileHead(joinPath(folder, model), HEAD_BYTES));
  } catch {
    // Whoever opens the model says what is wrong.
    return true;
  }
}
