import type { AnyBackend, BackendOptions } from "../backend/inference_backend.ts";
import type { JsonObject } from "../base/json.ts";
import { parseBackendReference } from "../config/backend_reference.ts";
import { MANIFEST_FILE } from "../config/manifest.ts";
import { readManifest } from "../config/read_manifest.ts";
import { basename, dirname, fromFileUrl, resolvePath } from "../host/path.ts";
import { buildBackend } from "./build_backend.ts";
import { bundleBackendModule } from "./import_backend_module.ts";

/** How to load a project's backend. */
export interface LoadBackendOptions {
  /** Options of the backend, in camelCase; they win over the manifest's. */
  readonly config?: JsonObject;
  /** The backend to load in the place of the manifest's, such as `experiments/second.ts:Backend`. */
  readonly reference?: string;
}

/**
 * Loads the backend of a project: reads its manifest, bundles and imports its code, checks the options, initializes.
 * The code runs in this process with all of its permissions: load only what you trust.
 *
 * @param path The project's folder, or its `packflow.jsonc`; a relative path starts at the current folder.
 * @param options What wins over the manifest.
 * @returns The backend, ready to infer. Whoever loads it disposes of it, best with `await using`.
 * @throws {PackflowError} `project.not_found`, `manifest.invalid`, `loader.*`, `config.*` or `backend.*`, with file,
 * line and column where they are known.
 *
 * @example
 * ```ts
 * import { loadBackend, PackflowError } from "packflow";
 *
 * try {
 *   await using backend = await loadBackend("no-such-project");
 *   console.log(await backend.infer({ a: 1 }));
 * } catch (error) {
 *   console.assert(error instanceof PackflowError && error.code === "project.not_found");
 * }
 * ```
 */
export async function loadBackend(path: string | URL, options: LoadBackendOptions = {}): Promise<AnyBackend> {
  const folder = projectFolder(path);
  const manifest = await readManifest(folder);
  const reference = parseBackendReference(options.reference ?? manifest.backend);
  const build: BackendOptions = {
    folder,
    manifestConfig: manifest.config,
    ...(options.config === undefined ? {} : { config: options.config }),
  };
  const bundle = reference.kind === "module"
    ? await bundleBackendModule(folder, reference.module)
    : undefined;
  return await buildBackend({ folder, reference, build, bundle });
}

function projectFolder(path: string | URL): string {
  const absolute = resolvePath(path instanceof URL || path.startsWith("file:") ? fromFileUrl(path) : path);
  return basename(absolute) === MANIFEST_FILE ? dirname(absolute) : absolute;
}
