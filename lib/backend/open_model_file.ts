import { PackflowError } from "../base/errors.ts";
import { readFile, realPath } from "../host/files.ts";
import { isAbsolutePath, relativePath, resolvePath } from "../host/path.ts";
import { type Device, openSession } from "../onnx/open_session.ts";
import type { Session } from "../onnx/session.ts";

/** How to open an ONNX file. */
export interface OpenModelOptions {
  /** The project's folder, which the path must stay inside, links followed; any path will do when left out. */
  readonly folder?: string;
  /** What runs the model; the fastest that can when left out. */
  readonly device?: Device;
}

/**
 * Opens an ONNX file.
 *
 * @param path Path of the file, as messages name it.
 * @throws {PackflowError} `model.not_found`, `model.outside_project`, `model.invalid`, `model.no_device`.
 */
export async function openModelFile(path: string, options: OpenModelOptions = {}): Promise<Session> {
  const { folder, ...how } = options;
  const file = resolvePath(folder ?? ".", path);
  if (folder !== undefined && !isInside(folder, file)) throw outside(path, "");
  let bytes: Uint8Array;
  try {
    if (folder !== undefined && !isInside(await realPath(folder), await realPath(file))) {
      throw outside(path, ": it is a link that leads outside");
    }
    bytes = await readFile(file);
  } catch (cause) {
    if (cause instanceof PackflowError) throw cause;
    throw new PackflowError("model.not_found", `Cannot open model "${path}" as it must be a readable file`, {
      cause,
      place: { file },
    });
  }
  return openSession(bytes, { name: path, ...how });
}

function outside(path: string, why: string): PackflowError {
  const message = `Cannot open model "${path}" as it must be in the project's folder${why}`;
  return new PackflowError("model.outside_project", message);
}

function isInside(folder: string, file: string): boolean {
  const way = relativePath(folder, file);
  return way !== ".." && !way.startsWith("../") && !isAbsolutePath(way);
}
