import { askedOfModels, type ModelOptions } from "../onnx/devices.ts";
import { openSession } from "../onnx/open_session.ts";
import type { Session } from "../onnx/session.ts";
import { readModelFiles } from "./read_model_files.ts";

/** How to open an ONNX file. */
export interface OpenModelOptions extends ModelOptions {
  /** The project's folder, which the path must stay inside, links followed; any path will do when left out. */
  readonly folder?: string;
}

/**
 * Opens an ONNX file, with the files beside it that hold its weights.
 *
 * @param path Path of the file, as messages name it.
 * @throws {PackflowError} `model.not_found`, `model.outside_project`, `model.too_large`, `model.invalid`, `model.no_device`.
 */
export async function openModelFile(path: string, options: OpenModelOptions = {}): Promise<Session> {
  const { folder } = options;
  const { device = "auto", threads = 1 } = { ...options, ...askedOfModels() };
  const { model, externalData } = await readModelFiles(path, {
    isNative: device === "native",
    ...(folder === undefined ? {} : { folder }),
  });
  return openSession(model, {
    name: path,
    device,
    threads,
    externalData,
    ...(folder === undefined ? {} : { folder }),
  });
}
