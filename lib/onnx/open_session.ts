import { messageOf, PackflowError } from "../base/errors.ts";
import { findGpu } from "../host/gpu.ts";
import { hasWasmThreads, runtimeName, WASM_THREADS_NEED } from "../host/runtime.ts";
import { noteDevice } from "./device_notes.ts";
import { DEVICES, type ModelOptions } from "./devices.ts";
import type { ExternalData } from "./external_data.ts";
import { findNative, nativeRuntime } from "./native_runtime.ts";
import { openNativeSession } from "./native_session.ts";
import { otherFormat } from "./other_format.ts";
import { runtimeCause, runtimeMessage } from "./runtime_message.ts";
import type { Session } from "./session.ts";
import { openTreeSession } from "./tree_session.ts";
import { openWebSession } from "./web_session.ts";

/** How to open a model. */
export interface OpenSessionOptions extends ModelOptions {
  /** What messages call the model: its path in the project. */
  readonly name: string;
  /** The project's folder, whose onnxruntime-node runs models natively. */
  readonly folder?: string;
  /** The files beside the model that hold its weights. */
  readonly externalData?: readonly ExternalData[];
}

/**
 * Opens an ONNX model on the device asked for. "auto" takes our own kernel for an ensemble of trees, else the
 * project's onnxruntime-node where it has one and compiled code is allowed, else WebAssembly.
 *
 * @param model The bytes of the ONNX file.
 * @throws {PackflowError} `model.invalid` for bytes that are no ONNX model or one that cannot be loaded,
 * `model.no_device` for a device that is unknown or not there, `model.no_runtime` where the runtime is not there.
 */
export async function openSession(model: Uint8Array, options: OpenSessionOptions): Promise<Session> {
  const { name, device = "auto" } = options;
  if (!DEVICES.includes(device)) {
    const known = DEVICES.map((name) => `"${name}"`).join(", ");
    throw noDevice(name, `its device must be one of ${known}: current value is "${device}"`);
  }
  const other = otherFormat(model);
  if (other !== undefined) throw invalid(name, `it must be an ONNX model: it is ${other}`);
  const session = await OPENERS[device](model, options);
  if (!session.inputs.concat(session.outputs).some((value) => value.name === "__proto__")) return session;
  await session.dispose();
  throw invalid(name, 'no input or output may be named "__proto__"');
}

type Opener = (model: Uint8Array, options: OpenSessionOptions) => Promise<Session>;

const OPENERS: Readonly<Record<typeof DEVICES[number], Opener>> = {
  auto: openBest,
  trees: openTrees,
  wasm: openWasm,
  webgpu: openWebGpu,
  native: openNative,
};

async function openBest(model: Uint8Array, options: OpenSessionOptions): Promise<Session> {
  const { name, folder } = options;
  const trees = await openTreeSession(model, name);
  if (trees !== undefined) {
    tell(name, "trees: it is an ensemble of trees, which our own kernel walks several times as fast");
    return trees;
  }
  if (await findNative(folder) === undefined) {
    const session = await openWasm(model, options);
    tell(name, "wasm: it needs ONNX Runtime, and the project has no onnxruntime-node to run it natively");
    return session;
  }
  try {
    const session = await openNative(model, options);
    tell(name, "native: the project has onnxruntime-node, which is several times as fast as WebAssembly");
    return session;
  } catch (error) {
    // A model that is broken everywhere is told by WebAssembly.
    const session = await openWasm(model, options);
    noteDevice({ level: "warn", message: `${messageOf(error)}; taking WebAssembly` });
    return session;
  }
}

async function openTrees(model: Uint8Array, { name }: OpenSessionOptions): Promise<Session> {
  const session = await openTreeSession(model, name);
  if (session !== undefined) return session;
  throw noDevice(name, 'a model for the device "trees" must be one ensemble of trees that Packflow can read');
}

async function openWasm(model: Uint8Array, options: OpenSessionOptions): Promise<Session> {
  const { name, threads = 1 } = options;
  if (threads > 1 && !hasWasmThreads()) {
    const message =
      `Cannot run model "${name}" on ${threads} threads as ${runtimeName()} has them in WebAssembly ` +
      `${WASM_THREADS_NEED}; taking one`;
    noteDevice({ level: "warn", message });
  }
  return await opened(name, model, () => openWebSession(model, { ...options, device: "wasm" }));
}

async function openWebGpu(model: Uint8Array, options: OpenSessionOptions): Promise<Session> {
  const { name } = options;
  const gpu = await findGpu();
  if (typeof gpu === "string") throw noDevice(name, `the device "webgpu" must be there: ${gpu}`);
  const session = await openOnGpu(model, options);
  const kind = gpu.isSoftware ? "a program on the processor, slower than wasm" : "a GPU";
  tell(name, `webgpu: "${gpu.name}", ${kind}`);
  return session;
}

async function openOnGpu(model: Uint8Array, options: OpenSessionOptions): Promise<Session> {
  const { name } = options;
  try {
    return await opened(name, model, () => openWebSession(model, { ...options, device: "webgpu" }));
  } catch (error) {
    const operator = /No Op registered for (\w+)/.exec(messageOf(error))?.[1];
    if (operator === undefined) throw error;
    throw noDevice(
      name,
      `a model for the device "webgpu" must have operators that ONNX Runtime has there: "${operator}" is none`,
    );
  }
}

async function openNative(model: Uint8Array, options: OpenSessionOptions): Promise<Session> {
  const { name, folder } = options;
  const runtime = await nativeRuntime(folder);
  if (typeof runtime === "string") throw noDevice(name, `the device "native" must be there: ${runtime}`);
  return await opened(name, model, () => openNativeSession(model, runtime, options));
}

/** Opens a session and explains what ONNX Runtime throws. */
async function opened(
  name: string,
  model: Uint8Array,
  open: () => Session | Promise<Session>,
): Promise<Session> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof PackflowError) throw error;
    throw invalid(name, reasonOf(error, model.length), runtimeCause(error));
  }
}

function tell(name: string, message: string): void {
  noteDevice({ level: "info", message: `Model "${name}" runs on ${message}` });
}

function noDevice(name: string, reason: string): PackflowError {
  return new PackflowError("model.no_device", `Cannot open model "${name}" as ${reason}`);
}

function invalid(name: string, reason: string, cause?: Error): PackflowError {
  return new PackflowError("model.invalid", `Cannot open model "${name}" as ${reason}`, { cause });
}

function reasonOf(error: unknown, size: number): string {
  const message = runtimeMessage(error);
  if (/protobuf parsing failed/i.test(message) || /no graph was found/i.test(message)) {
    return `it must be an ONNX model: its ${size} bytes are not an ONNX model, or one that was cut short`;
  }
  const external = /external data file:?\s*"*([^",]*)"*/i.exec(message);
  if (external !== null && /out of bounds/i.test(message)) {
    return `its weights must be whole: "${external[1]}" is shorter than the model says`;
  }
  if (external !== null) {
    return `it must hold its weights: they are in another file, "${external[1]}", which is not there`;
  }
  return `ONNX Runtime must accept it: ${message}`;
}
