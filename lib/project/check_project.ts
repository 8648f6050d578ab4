import { type Diagnostic, DiagnosticsError } from "../base/diagnostic.ts";
import { firstError, messageOf, PackflowError } from "../base/errors.ts";
import { readManifest } from "../config/read_manifest.ts";
import { isAbsolutePath, relativePath, resolvePath } from "../host/path.ts";
import { placeOfError } from "../backend/error_place.ts";
import { type IsolatedBackendOptions, openIsolatedBackend } from "../isolate/isolated_backend.ts";
import { checkMetadata, checkRecommendedFiles } from "./check_files.ts";
import { collectFiles } from "./collect_files.ts";
import { GOLDEN_FILE, type GoldenEvent, readGoldenEvents } from "./golden_events.ts";

/** What loading says of a missing file: collecting files for a package would say the same again. */
const MISSING_FILE: ReadonlySet<string | undefined> = new Set([
  "backend.module_not_found",
  "model.not_found",
]);

const NO_GOLDEN_EVENTS: Diagnostic = {
  severity: "warning",
  code: "check.golden_missing",
  message: `Expected golden events in "${GOLDEN_FILE}" to show that the answers are right: there are none`,
  file: GOLDEN_FILE,
};

/** How to open a project's backend to check it. */
export type CheckProjectOptions = Pick<IsolatedBackendOptions, "sandbox" | "models" | "note">;

/** Golden events beyond this many are left to `packflow test`. */
const MAX_SAMPLE = 100;

/**
 * Every finding about a project, errors first: manifest, files, backend and its promises on the golden events. Loads
 * the backend once. What is wrong with the project is returned, never thrown, and each cause is told once.
 *
 * @param path The project's folder.
 * @param how How the backend is opened.
 */
export async function checkProject(path: string, how: CheckProjectOptions = {}): Promise<Diagnostic[]> {
  const folder = resolvePath(path);
  const found: Diagnostic[] = [];
  const attempt = async <T>(step: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await step();
    } catch (error) {
      found.push(...diagnosticsOf(firstError(error), folder));
      return undefined;
    }
  };
  const manifest = await attempt(() => readManifest(folder));
  if (manifest === undefined) return found;
  const golden = await attempt(() => readGoldenEvents(folder));
  const loaded = await attempt(() => checkBackend(folder, golden ?? [], how));
  if (loaded === true || !MISSING_FILE.has(found.at(-1)?.code)) {
    await attempt(() => collectFiles(folder, manifest));
  }
  found.push(...checkMetadata(manifest), ...await checkRecommendedFiles(folder));
  if (golden?.length === 0) found.push(NO_GOLDEN_EVENTS);
  const rank = ({ severity }: Diagnostic) => severity === "error" ? 0 : 1;
  return found.sort((a, b) => rank(a) - rank(b));
}

/** Loads the backend, then checks its promises on the events that should succeed. */
async function checkBackend(
  folder: string,
  golden: readonly GoldenEvent[],
  how: CheckProjectOptions,
): Promise<true> {
  await using backend = await openIsolatedBackend(folder, how);
  const sample = golden.filter((event) => event.error === undefined).slice(0, MAX_SAMPLE);
  try {
    if (sample.length > 0) await backend.checkIo(sample.map((event) => event.input));
  } catch (error) {
    if (!(error instanceof PackflowError) || error.place.file !== undefined) throw error;
    const code = placeOfError(error.cause, folder);
    const line = sample[error.place.eventIndex ?? -1]?.line;
    throw error.at(code ?? { file: GOLDEN_FILE, ...(line === undefined ? {} : { line }) });
  }
  return true;
}

function diagnosticsOf(error: unknown, folder: string): readonly Diagnostic[] {
  if (error instanceof DiagnosticsError && error.diagnostics.length > 0) return error.diagnostics;
  if (!(error instanceof PackflowError)) {
    const message = `Cannot check the backend as it threw: ${messageOf(error)}`;
    return [{ severity: "error", code: "backend.hook_failed", message, ...placeOfError(error, folder) }];
  }
  const { file, line, column } = error.place;
  return [{
    severity: "error",
    code: error.code,
    message: error.message,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    ...(file === undefined ? {} : { file: isAbsolutePath(file) ? relativePath(folder, file) : file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  }];
}
