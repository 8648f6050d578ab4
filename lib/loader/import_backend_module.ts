import { messageOf, PackflowError } from "../base/errors.ts";
import { nearestName } from "../base/nearest_name.ts";
import { readTextFile } from "../host/files.ts";
import { importModule } from "../host/import_module.ts";
import { joinPath, resolvePath } from "../host/path.ts";
import { sdkNames, sdkUrl } from "../host/sdk_url.ts";
import type { Bundle } from "./bundle_project.ts";
import { placeOfError } from "../backend/error_place.ts";
import { findImportedName } from "./find_import.ts";
import { backendBundle } from "./packaged_bundle.ts";
import { placeBundle } from "./portable_bundle.ts";
import { sourceError } from "./source_error.ts";

/**
 * The bundle of a module of a project for {@linkcode importBundle} of this process or of another one of the same
 * program.
 *
 * @throws {PackflowError} What {@linkcode backendBundle} throws.
 */
export async function bundleBackendModule(folder: string, entry: string): Promise<Bundle> {
  const absolute = resolvePath(folder);
  return placeBundle(await backendBundle(absolute, entry), { folder: absolute, packflow: sdkUrl() });
}

/**
 * Imports a module of a project that has been bundled.
 *
 * @returns What the module exports.
 * @throws {PackflowError} `backend.import_failed` or `backend.syntax_error`, with its place in the project's file.
 */
export async function importBundle(imported: ImportedBundle): Promise<Record<string, unknown>> {
  try {
    return await importModule(imported.bundle.code);
  } catch (cause) {
    throw await importError(cause, imported);
  }
}

/** What is imported. */
export interface ImportedBundle {
  /** The project's folder. */
  readonly folder: string;
  /** The module, relative to the folder. */
  readonly entry: string;
  readonly bundle: Bundle;
}

async function importError(cause: unknown, imported: ImportedBundle): Promise<PackflowError> {
  const { folder, entry } = imported;
  const message = cause instanceof Error ? cause.message : String(cause);
  const missing = /module '([^']+)' does not provide an export named '([^']+)'/.exec(message);
  if (cause instanceof SyntaxError && missing !== null) {
    const [, module = "", name = ""] = missing;
    return await missingName(name, module, imported);
  }
  const place = placeOfError(cause, folder);
  // The engine tells where it stopped reading; a SyntaxError that code throws, as JSON.parse does, lacks that.
  if (cause instanceof SyntaxError && / at \S+:\d+:\d+$/.test(message)) {
    const file = place?.file ?? entry;
    const reason = message.replace(/ at \S+$/, "");
    const problem = `Cannot parse "${file}" as the engine must be able to read it: ${reason}`;
    const source = await readTextFile(joinPath(folder, file)).catch(() => undefined);
    // Deno 2.6 does not map such a place back to the source.
    return sourceError({ code: "backend.syntax_error", message: problem, file, ...place, cause }, source);
  }
  const reason = messageOf(cause).replace(/data:text\/javascript;base64,[A-Za-z0-9+/=…]*/g, entry);
  return new PackflowError("backend.import_failed", `Cannot import "${entry}" as it threw: ${reason}`, {
    cause,
    place: place ?? { file: entry },
  });
}

/** Only "packflow" and node: modules can lack a name at this point: the bundler has checked the project's own. */
async function missingName(name: string, module: string, imported: ImportedBundle): Promise<PackflowError> {
  const { folder, bundle } = imported;
  const sdk = module === sdkUrl();
  const near = sdk ? nearestName(name, await sdkNames()) : undefined;
  const message = `Cannot import "${name}" as "${sdk ? "packflow" : module}" has no such export` +
    (near === undefined ? "" : `: did you mean "${near}"`);
  for (const file of bundle.modules) {
    const source = await readTextFile(joinPath(folder, file));
    const place = findImportedName(source, name);
    if (place !== undefined) {
      return sourceError({ code: "backend.import_failed", message, file, ...place }, source);
    }
  }
  return new PackflowError("backend.import_failed", message);
}
