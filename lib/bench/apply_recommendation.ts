import { PackflowError } from "../base/errors.ts";
import type { JsonValue } from "../base/json.ts";
import { MANIFEST_FILE } from "../config/manifest.ts";
import { parseManifest } from "../config/parse_manifest.ts";
import { setInJson } from "../config/set_in_json.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { readTextFile, replaceTextFile } from "../host/files.ts";
import { joinPath } from "../host/path.ts";
import type { Setting } from "./bench_worker.ts";

/** A setting written to a manifest. */
export interface AppliedSetting {
  /** Its path in the manifest, such as `run.batchSize`. */
  readonly path: string;
  readonly value: string | number;
}

/** What to write. */
export interface ApplyOptions {
  readonly setting: Setting;
  /** Whether the backend has the option `device`. */
  readonly hasDevice: boolean;
  /** The most workers that were measured: as many are used anyhow, by whatever machine runs the project. */
  readonly mostWorkers: number;
}

/**
 * Writes a setting to a project's `packflow.jsonc`; comments and layout stay.
 *
 * @param folder The project's folder.
 * @returns What was written.
 * @throws {PackflowError} `project.unwritable`, `manifest.invalid`.
 */
export async function applyRecommendation(
  folder: string,
  { setting: { device, workers, batchSize }, hasDevice, mostWorkers }: ApplyOptions,
): Promise<AppliedSetting[]> {
  const applied: AppliedSetting[] = [
    ...(device === undefined || !hasDevice ? [] : [{ path: "config.device", value: device }]),
    { path: "run.batchSize", value: batchSize },
    ...(workers === mostWorkers ? [] : [{ path: "run.workers", value: workers }]),
  ];
  const file = joinPath(folder, MANIFEST_FILE);
  const before = await readTextFile(file);
  const after = applied.reduce(
    (text, { path, value }) => setInJson(text, path.split("."), value satisfies JsonValue),
    before,
  );
  parseManifest(after, MANIFEST_FILE);
  try {
    if (after !== before) await replaceTextFile(file, after);
  } catch (cause) {
    throw new PackflowError(
      "project.unwritable",
      `Cannot write the settings to "${file}": ${fileErrorReason(cause)}`,
      { cause },
    );
  }
  return applied;
}
