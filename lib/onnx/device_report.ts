import { findGpu } from "../host/gpu.ts";
import { hasWasmSimd, hasWasmThreads, runtimeName } from "../host/runtime.ts";
import type { Device } from "./devices.ts";
import { nativePlace } from "./native_runtime.ts";

/** Whether models can run on a device here. */
export interface DeviceReport {
  readonly name: Exclude<Device, "auto">;
  readonly isAvailable: boolean;
  /** What it is, or what is missing. */
  readonly detail: string;
}

/** How to ask for a report. */
export interface DeviceReportOptions {
  /** The project whose onnxruntime-node would run models natively. */
  readonly folder?: string;
  /** Whether this program lacks the build of ONNX Runtime for GPUs. */
  readonly isCompiled: boolean;
}

/** What may run models here: one entry for each device. No library of the project is loaded. */
export async function deviceReport({ folder, isCompiled }: DeviceReportOptions): Promise<DeviceReport[]> {
  const gpu = await findGpu();
  const native = await nativePlace(folder);
  return [
    { name: "trees", isAvailable: true, detail: "our own kernel, for ensembles of trees" },
    { name: "wasm", isAvailable: true, detail: wasmDetail() },
    typeof gpu === "string"
      ? { name: "webgpu", isAvailable: false, detail: gpu }
      : isCompiled
      ? { name: "webgpu", isAvailable: false, detail: "the binary holds no build for GPUs: run from source" }
      : {
        name: "webgpu",
        isAvailable: true,
        detail: `${gpu.name}${gpu.isSoftware ? ", a program on the processor" : ""}`,
      },
    typeof native === "string" ? { name: "native", isAvailable: false, detail: native } : {
      name: "native",
      isAvailable: true,
      detail: `onnxruntime-node ${native.version} of the project; needs --sandbox off`,
    },
  ];
}

function wasmDetail(): string {
  const simd = hasWasmSimd() ? "with SIMD" : "without SIMD";
  return hasWasmThreads()
    ? `ONNX Runtime, ${simd}, with threads`
    : `ONNX Runtime, ${simd}, one thread: ${runtimeName()} has no usable threads in WebAssembly`;
}
