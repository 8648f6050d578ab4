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
export async function wantsRuntime(folder: string, { model, device }: JsonObject): Promise<boolean> {
  if (typeof model !== "string" || device !== undefined && device !== "auto") return device !== "trees";
  try {
    return !looksLikeTrees(await readFileHead(joinPath(folder, model), HEAD_BYTES));
  } catch {
    // Whoever opens the model says what is wrong.
    return true;
  }
}
