import { PackflowError } from "../base/errors.ts";
import { fileInfo, isNotFound, readTextFile } from "../host/files.ts";
import { joinPath } from "../host/path.ts";
import { type Manifest, MANIFEST_FILE } from "./manifest.ts";
import { parseManifest } from "./parse_manifest.ts";

/**
 * Reads the manifest of a project's folder.
 *
 * @throws {PackflowError} `project.not_found`, or `manifest.invalid` with every problem at once.
 */
export async function readManifest(folder: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readTextFile(joinPath(folder, MANIFEST_FILE));
  } catch (cause) {
    if (isNotFound(cause)) throw await notFound(folder, cause);
    throw unreadable(folder, cause);
  }
  return parseManifest(text, MANIFEST_FILE);
}

async function notFound(folder: string, cause: unknown): Promise<PackflowError> {
  const info = await fileInfo(folder);
  if (info === undefined) {
    return new PackflowError(
      "project.not_found",
      `Cannot open the project "${folder}" as there is no such folder`,
      {
        cause,
      },
    );
  }
  const what = info.kind === "file" ? "it must be a folder: it is a file" : `it has no ${MANIFEST_FILE}`;
  return new PackflowError("project.not_found", `Cannot open the project "${folder}" as ${what}`, {
    cause,
    place: { file: joinPath(folder, MANIFEST_FILE) },
    remedy: `Go to a project's folder, or make a project with: packflow create NAME`,
  });
}

function unreadable(folder: string, cause: unknown): PackflowError {
  const utf8 = cause instanceof TypeError;
  const file = joinPath(folder, MANIFEST_FILE);
  return new PackflowError(
    utf8 ? "manifest.syntax" : "project.not_found",
    `Cannot read "${file}" as it must be ${utf8 ? "UTF-8 text" : "a readable file"}`,
    { cause, place: { file } },
  );
}
