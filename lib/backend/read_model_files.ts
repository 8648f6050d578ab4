import { PackflowError } from "../base/errors.ts";
import { fileSize, readFile, realPath } from "../host/files.ts";
import { dirname, isInside, joinPath, resolvePath } from "../host/path.ts";
import { type ExternalData, externalLocations, externalPath } from "../onnx/external_data.ts";

/** A model's bytes: its own file, and the files beside it that hold its weights. */
export interface ModelFiles {
  readonly model: Uint8Array;
  readonly externalData: readonly ExternalData[];
}

/** An ONNX file is one protocol-buffer message, and no reader of those takes more. */
const TOO_LARGE_FILE = 2 ** 31;
/** WebAssembly has 4 GiB for everything; a model and its weights must leave some to work in. */
const LARGEST_MODEL = 3.5 * 2 ** 30;

/**
 * Reads a model and the files of weights that it names.
 *
 * @param path Path of the model, as messages name it.
 * @param options.folder What every file must stay inside, links followed. When left out, the model may be anywhere and
 * its weights in its own folder.
 * @param options.isNative Whether what runs it has all of the machine's memory.
 * @throws {PackflowError} `model.not_found`, `model.outside_project`, `model.too_large`.
 */
export async function readModelFiles(
  path: string,
  options: { readonly folder?: string; readonly isNative?: boolean } = {},
): Promise<ModelFiles> {
  const { folder, isNative = false } = options;
  const file = resolvePath(folder ?? ".", path);
  const title = `model "${path}"`;
  await checkPlace(title, file, folder);
  const size = await sizeOf(title, file);
  if (size >= TOO_LARGE_FILE) {
    throw tooLarge(title, `an ONNX file must be smaller than 2 GiB: it has ${gib(size)}`, {
      remedy: "Save it with its weights in another file: onnx.save(model, path, save_as_external_data=True)",
    });
  }
  const model = await read(title, file);
  const external = await findExternal(title, { model, file, folder: folder ?? dirname(file) });
  const total = external.reduce((sum, { size }) => sum + size, size);
  if (!isNative && total > LARGEST_MODEL) {
    const limit = `it must have at most ${gib(LARGEST_MODEL)} to run in WebAssembly`;
    throw tooLarge(title, `${limit}: it has ${gib(total)}, weights included`, {
      remedy: "Quantize it, or run it with the device native",
    });
  }
  const externalData: ExternalData[] = [];
  for (const { name, file, title } of external) {
    externalData.push({ path: name, data: await read(title, file) });
  }
  return { model, externalData };
}

interface ExternalFile {
  /** As ONNX Runtime asks for it. */
  readonly name: string;
  /** As messages name it. */
  readonly title: string;
  readonly file: string;
  readonly size: number;
}

async function findExternal(
  modelTitle: string,
  { model, file, folder }: { model: Uint8Array; file: string; folder: string },
): Promise<ExternalFile[]> {
  const found = new Map<string, ExternalFile>();
  for (const location of externalLocations(model)) {
    const name = externalPath(location);
    const title = `weights "${shown(location)}" of ${modelTitle}`;
    if (name === undefined) throw outside(title, ": it is absolute or leads up");
    if (found.has(name)) continue;
    const target = joinPath(dirname(file), name);
    await checkPlace(title, target, folder);
    found.set(name, { name, title, file: target, size: await sizeOf(title, target) });
  }
  return [...found.values()];
}

async function checkPlace(title: string, file: string, folder: string | undefined): Promise<void> {
  if (folder === undefined) return;
  if (!isInside(folder, file)) throw outside(title, "");
  const [realFolder, realFile] = await Promise.all([realPath(folder), realPath(file)]).catch((cause) => {
    throw notFound(title, file, cause);
  });
  if (!isInside(realFolder, realFile)) throw outside(title, ": it is a link that leads outside");
}

async function sizeOf(title: string, file: string): Promise<number> {
  try {
    return await fileSize(file);
  } catch (cause) {
    throw notFound(title, file, cause);
  }
}

async function read(title: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw notFound(title, file, cause);
  }
}

function notFound(title: string, file: string, cause: unknown): PackflowError {
  return new PackflowError("model.not_found", `Cannot open ${title} as it must be a readable file`, {
    cause,
    place: { file },
  });
}

function outside(title: string, why: string): PackflowError {
  const message = `Cannot open ${title} as it must be in the project's folder${why}`;
  return new PackflowError("model.outside_project", message);
}

function tooLarge(title: string, reason: string, more: { remedy: string }): PackflowError {
  return new PackflowError("model.too_large", `Cannot open ${title} as ${reason}`, more);
}

/** A path that a model made up, fit for a message. */
function shown(location: string): string {
  // deno-lint-ignore no-control-regex -- a model's names may hold anything
  const text = location.slice(0, 100).replace(/[\u0000-\u001f\u007f]/g, "?");
  return location.length > 100 ? `${text}…` : text;
}

function gib(bytes: number): string {
  return `${Number((bytes / 2 ** 30).toFixed(2))} GiB`;
}
