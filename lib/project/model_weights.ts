import { PackflowError } from "../base/errors.ts";
import { joinPath } from "../host/path.ts";
import { externalPath } from "../onnx/external_data.ts";
import { summarizeModelFile } from "./model_summary.ts";

/** A file that holds weights of a model. */
export interface ModelWeights {
  /** Relative to the project, forward slashes. */
  readonly path: string;
  /** The model that names it, likewise. */
  readonly model: string;
}

/**
 * The files beside models that hold their weights. A model names them by paths relative to its own folder; paths that
 * lead out of that are left out, as no model is opened with them.
 *
 * @param root Absolute path of the project's folder.
 * @param paths The project's files; those that end in `.onnx` are looked into.
 */
export async function modelWeights(root: string, paths: readonly string[]): Promise<ModelWeights[]> {
  const weights = new Map<string, ModelWeights>();
  for (const model of paths) {
    if (!model.toLowerCase().endsWith(".onnx")) continue;
    const folder = model.slice(0, model.lastIndexOf("/") + 1);
    for (const location of await locationsOf(joinPath(root, model))) {
      const name = externalPath(location);
      if (name === undefined) continue;
      const path = `${folder}${name}`;
      weights.set(path, { path, model });
    }
  }
  return [...weights.values()];
}

async function locationsOf(file: string): Promise<ReadonlySet<string>> {
  try {
    const { graph } = await summarizeModelFile(file);
    return new Set(graph.initializers.flatMap(({ external }) => external?.location ?? []));
  } catch (error) {
    // A file of this name need not be a model; what runs it says what is wrong with it.
    if (error instanceof PackflowError) return new Set();
    throw error;
  }
}
