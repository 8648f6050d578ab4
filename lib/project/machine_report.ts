import { messageOf } from "../base/errors.ts";
import { makeTempFolder, remove } from "../host/files.ts";
import { dirname } from "../host/path.ts";
import {
  availableCores,
  hasWasmSimd,
  hasWasmThreads,
  machineMemory,
  operatingSystem,
  runtimeName,
} from "../host/runtime.ts";
import { hostFacts, type Protection, sandboxReport } from "../isolate/sandbox.ts";
import { type DeviceReport, deviceReport } from "../onnx/device_report.ts";

/** What a machine offers, and what it keeps project code from. */
export interface MachineReport {
  readonly program: "binary" | "source";
  /** Such as "Deno 2.9.6". */
  readonly runtime: string;
  readonly os: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: { readonly total: number; readonly available: number };
  readonly wasm: { readonly simd: boolean; readonly threads: boolean };
  readonly devices: readonly DeviceReport[];
  /** Where packages are unpacked; null with the reason where nothing can be written. */
  readonly tempFolder: { readonly path: string | null; readonly detail: string };
  /** 0 where the kernel has no Landlock, or Packflow runs from source and does not need it. */
  readonly landlock: number;
  readonly protections: readonly Protection[];
}

/**
 * Looks at the machine.
 *
 * @param folder The project whose onnxruntime-node counts as a device.
 */
export async function machineReport(folder?: string): Promise<MachineReport> {
  const facts = hostFacts();
  const devices = await deviceReport({
    isCompiled: facts.isCompiled,
    ...(folder === undefined ? {} : { folder }),
  });
  return {
    program: facts.isCompiled ? "binary" : "source",
    runtime: runtimeName(),
    os: operatingSystem(),
    cores: availableCores(),
    memory: machineMemory(),
    wasm: { simd: hasWasmSimd(), threads: hasWasmThreads() },
    devices,
    tempFolder: await tryTempFolder(),
    landlock: facts.landlock,
    protections: sandboxReport(facts),
  };
}

async function tryTempFolder(): Promise<MachineReport["tempFolder"]> {
  try {
    const path = await makeTempFolder("packflow-");
    await remove(path);
    return { path: dirname(path), detail: "can be written" };
  } catch (error) {
    return { path: null, detail: messageOf(error) };
  }
}
