import {
  type AnyBackend,
  type BackendClass,
  type BackendOptions,
  InferenceBackend,
} from "../backend/inference_backend.ts";
import { placeOfError } from "../backend/error_place.ts";
import { messageOf, PackflowError } from "../base/errors.ts";
import type { BackendReference } from "../config/backend_reference.ts";
import { backendClassOf } from "./backend_class.ts";
import type { Bundle } from "./bundle_project.ts";
import { importBundle } from "./import_backend_module.ts";

/** A backend that is ready to be built. */
export interface BackendPlan {
  /** The project's folder. */
  readonly folder: string;
  readonly reference: BackendReference;
  readonly build: BackendOptions;
  /** The project's code, where the reference names a module. */
  readonly bundle: Bundle | undefined;
}

/**
 * Imports the project's code, builds its backend and initializes it.
 *
 * @throws {PackflowError} `backend.*` or `config.*`, with file, line and column where they are known.
 */
export async function buildBackend({ folder, reference, build, bundle }: BackendPlan): Promise<AnyBackend> {
  if (reference.kind === "builtin" || bundle === undefined) {
    const { OnnxBackend } = await import("../backend/onnx_backend.ts");
    return await OnnxBackend.create(build);
  }
  const { module, name } = reference;
  const backendClass = backendClassOf(await importBundle({ folder, entry: module, bundle }), name, module);
  return await create(backendClass, build, { folder, module });
}

/** Builds the backend; what its code throws gets the place in the project's file. */
async function create(
  backendClass: BackendClass,
  options: BackendOptions,
  { folder, module }: { folder: string; module: string },
): Promise<AnyBackend> {
  try {
    // The class inherits create, which BackendClass does not name.
    return await InferenceBackend.create.call(backendClass, options);
  } catch (error) {
    if (!(error instanceof PackflowError)) {
      throw new PackflowError(
        "backend.initialize_failed",
        `Cannot build "${backendClass.name}" as its constructor threw: ${messageOf(error)}`,
        { cause: error, place: placeOfError(error, folder) ?? {} },
      );
    }
    throw error.place.file === undefined
      ? error.at(placeOfError(error.cause, folder) ?? { file: module })
      : error;
  }
}
