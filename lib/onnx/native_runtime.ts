import { messageOf } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { fileInfo, readTextFile } from "../host/files.ts";
import { addonPlatform, inMainThread, loadAddon, mayLoadAddons } from "../host/native_addon.ts";
import { joinPath } from "../host/path.ts";
import type { OrtTensor } from "./ort_values.ts";
import { runtimeMessage } from "./runtime_message.ts";

/** The package whose compiled library runs models natively. */
export const NATIVE_PACKAGE = "onnxruntime-node";

/** The version that our tests run; those before and after it that have the same library do as well. */
export const NATIVE_VERSION = "1.30.0";

/** An input or output as the library tells it. */
export interface NativeValue {
  readonly name: string;
  readonly isTensor: boolean;
  /** Number of the type of its elements. */
  readonly type?: number;
  /** Sizes; -1 for one that is left open. */
  readonly shape?: readonly number[];
}

/** A model in the library. */
export interface NativeModel {
  loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: object): void;
  readonly inputMetadata: readonly NativeValue[];
  readonly outputMetadata: readonly NativeValue[];
  run(
    feeds: Readonly<Record<string, OrtTensor>>,
    fetches: Readonly<Record<string, null>>,
    options: object,
  ): Record<string, OrtTensor>;
  dispose(): void;
}

/** The compiled library of onnxruntime-node. */
export interface NativeLibrary {
  readonly InferenceSession: new () => NativeModel;
  initOrtOnce(logLevel: number, tensor: typeof NativeTensor, isMainThread: boolean): void;
}

/** Where a project has the compiled library. */
export interface NativePlace {
  readonly version: string;
  readonly file: string;
}

/** ONNX Runtime in a project. */
export interface NativeRuntime {
  readonly version: string;
  readonly library: NativeLibrary;
}

/** A tensor as the library takes and makes it. */
export class NativeTensor implements OrtTensor {
  readonly location = "cpu";
  readonly size: number;

  constructor(readonly type: string, readonly data: unknown, readonly dims: readonly number[]) {
    this.size = dims.reduce((product, length) => product * length, 1);
    // The library trusts the dimensions.
    const length = isObject(data) || Array.isArray(data) ? Reflect.get(data, "length") : undefined;
    if (length !== this.size) {
      throw new RangeError(`A tensor of the shape [${dims.join(", ")}] cannot have ${length} elements`);
    }
  }
}

/** Why compiled code is not loaded where project code is kept in. */
const NEEDS_TRUST = "compiled code cannot be kept in, so it is not loaded: if you trust the project, add " +
  "--sandbox off (--allow-ffi where your own program opens the model)";

const FATAL = 4;
const loaded = new Map<string, NativeLibrary>();

/** The folder of onnxruntime-node in a project; undefined where it has none. Folders above do not count. */
export async function findNative(folder: string | undefined): Promise<string | undefined> {
  if (folder === undefined) return undefined;
  const found = joinPath(folder, "node_modules", NATIVE_PACKAGE);
  try {
    return await fileInfo(found) === undefined ? undefined : found;
  } catch {
    // A link that leads out of what may be read is there all the same.
    return found;
  }
}

/** Where a project has the compiled library, which is not loaded; a text says what is missing. */
export async function nativePlace(folder: string | undefined): Promise<NativePlace | string> {
  if (folder === undefined) return "it takes onnxruntime-node from a project, and there is none";
  const place = await findNative(folder);
  if (place === undefined) {
    return `the project must have ${NATIVE_PACKAGE}: run npm install ${NATIVE_PACKAGE} in its folder`;
  }
  const version = await versionOf(place);
  const platform = addonPlatform();
  const file = joinPath(place, "bin", "napi-v6", ...platform.split("/"), "onnxruntime_binding.node");
  if (await fileInfo(file) !== undefined) return { version, file };
  return `the project's ${NATIVE_PACKAGE} ${version} has no library for ${platform} that Packflow knows: ` +
    `version ${NATIVE_VERSION} may have`;
}

/** Loads ONNX Runtime from a project's onnxruntime-node; a text says why it cannot. */
export async function nativeRuntime(folder: string | undefined): Promise<NativeRuntime | string> {
  if (folder !== undefined && !mayLoadAddons()) return NEEDS_TRUST;
  const place = await nativePlace(folder);
  if (typeof place === "string") return place;
  const { version, file } = place;
  try {
    const library = loaded.get(file) ?? load(file);
    loaded.set(file, library);
    return { version, library };
  } catch (error) {
    return `the project's ${NATIVE_PACKAGE} ${version} cannot be loaded: ${runtimeMessage(messageOf(error))}`;
  }
}

function load(file: string): NativeLibrary {
  const library = loadAddon(file);
  if (!isLibrary(library)) throw new TypeError("It is not the library that Packflow knows");
  library.initOrtOnce(FATAL, NativeTensor, inMainThread());
  return library;
}

function isLibrary(value: unknown): value is NativeLibrary {
  return isObject(value) && typeof value["InferenceSession"] === "function" &&
    typeof value["initOrtOnce"] === "function";
}

async function versionOf(place: string): Promise<string> {
  try {
    const json: unknown = JSON.parse(await readTextFile(joinPath(place, "package.json")));
    return isObject(json) && typeof json["version"] === "string" ? json["version"] : "of no version";
  } catch {
    return "of no version";
  }
}
