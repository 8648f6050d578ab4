import { PackflowError } from "../base/errors.ts";
import { runtimeCause, runtimeMessage } from "./runtime_message.ts";
import type { Session } from "./session.ts";
import { openTreeSession } from "./tree_session.ts";
import { openWebSession } from "./web_session.ts";

/** How to open a model. */
export interface OpenSessionOptions {
  /** What messages call the model: its path in the project. */
  readonly name: string;
  readonly device?: Device;
}

/** What may run a model; "auto" is the fastest that can. */
export const DEVICES = ["auto", "trees", "wasm"] as const;

export type Device = typeof DEVICES[number];

/** How files begin that are taken for models, and what they are. */
const OTHER_FORMATS: readonly (readonly [start: string, kind: string])[] = [
  ["version https://git-lfs", "a Git LFS pointer: fetch the file itself with git lfs pull"],
  ["PK\x03\x04", "a ZIP archive, as PyTorch saves: export the model to ONNX"],
  ["\x89HDF", "an HDF5 file, as Keras saves: convert the model to ONNX"],
  ["\x80\x04", "a Python pickle, as joblib saves: convert the model to ONNX"],
  ["\x80\x05", "a Python pickle, as joblib saves: convert the model to ONNX"],
  ["\x1f\x8b", "gzip-compressed: decompress it"],
];

/**
 * Opens an ONNX model.
 *
 * @param model The bytes of the ONNX file.
 * @throws {PackflowError} `model.invalid` for bytes that are no ONNX model or one that cannot be loaded,
 * `model.no_device` for an unknown device, `model.no_runtime` where the runtime is not there.
 */
export async function openSession(model: Uint8Array, options: OpenSessionOptions): Promise<Session> {
  const { name, device = "auto" } = options;
  if (!DEVICES.includes(device)) {
    const known = DEVICES.map((name) => `"${name}"`).join(", ");
    throw noDevice(name, `its device must be one of ${known}: current value is "${device}"`);
  }
  const other = model.length === 0 ? "an empty file" : otherFormat(model);
  if (other !== undefined) throw invalid(name, `it must be an ONNX model: it is ${other}`);
  const trees = device === "wasm" ? undefined : await openTreeSession(model, name);
  if (trees !== undefined) return trees;
  if (device === "trees") {
    throw noDevice(
      name,
      'a model for the device "trees" must be one ensemble of trees that Packflow can read',
    );
  }
  let session: Session;
  try {
    session = await openWebSession(model, name);
  } catch (error) {
    if (error instanceof PackflowError) throw error;
    throw invalid(name, reasonOf(error, model.length), runtimeCause(error));
  }
  if (!session.inputs.concat(session.outputs).some((value) => value.name === "__proto__")) return session;
  await session.dispose();
  throw invalid(name, 'no input or output may be named "__proto__"');
}

function noDevice(name: string, reason: string): PackflowError {
  return new PackflowError("model.no_device", `Cannot open model "${name}" as ${reason}`);
}

function invalid(name: string, reason: string, cause?: Error): PackflowError {
  return new PackflowError("model.invalid", `Cannot open model "${name}" as ${reason}`, { cause });
}

function otherFormat(model: Uint8Array): string | undefined {
  const start = String.fromCharCode(...model.subarray(0, 32));
  return OTHER_FORMATS.find(([bytes]) => start.startsWith(bytes))?.[1];
}

function reasonOf(error: unknown, size: number): string {
  const message = runtimeMessage(error);
  if (/protobuf parsing failed/i.test(message) || /no graph was found/i.test(message)) {
    return `it must be an ONNX model: its ${size} bytes are not an ONNX model, or one that was cut short`;
  }
  const external = /external data file:?\s*"*([^",]*)"*/i.exec(message);
  if (external !== null) {
    return `it must hold its weights: they are in another file, "${external[1]}", which is not there`;
  }
  return `ONNX Runtime must accept it: ${message}`;
}
