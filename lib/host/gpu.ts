import { setEnvIfUnset } from "./env.ts";

/** The GPU that WebGPU offers. */
export interface GpuAdapter {
  readonly name: string;
  /** Whether it is a program on the processor, which stands in for a GPU. */
  readonly isSoftware: boolean;
}

/** A software driver complains on standard error, with no way to tell it not to, where this is unset. */
export const QUIET_DRIVER = { name: "XDG_RUNTIME_DIR", value: "/nonexistent" } as const;

/** Finds the GPU that WebGPU would use; a text says why there is none. */
export async function findGpu(
  gpu: GPU | undefined = navigator.gpu,
  version: string = Deno.version.deno,
): Promise<GpuAdapter | string> {
  if (gpu === undefined || /^([01]|2\.[0-6])\./.test(version)) return notUsable(version);
  setEnvIfUnset(QUIET_DRIVER.name, QUIET_DRIVER.value);
  const adapter = await gpu.requestAdapter();
  if (adapter === null) {
    return "WebGPU finds no adapter: a driver for Vulkan, Metal or Direct3D 12 must be installed";
  }
  const { info } = adapter;
  const name = info.description || info.vendor || "unnamed";
  try {
    const request: unknown = adapter.requestDevice();
    // In Deno 2.6 this was no promise, and what ONNX Runtime does with it ends in an abort.
    if (!(request instanceof Promise)) return notUsable(version);
    const device: GPUDevice = await request;
    device.destroy();
  } catch (error) {
    return `WebGPU cannot use "${name}": ${error instanceof Error ? error.message : String(error)}`;
  }
  return { name, isSoftware: Reflect.get(info, "isFallbackAdapter") === true || SOFTWARE.test(name) };
}

function notUsable(version: string): string {
  return `this runtime, Deno ${version}, has no usable WebGPU: Deno 2.9 has`;
}

const SOFTWARE = /\b(llvmpipe|softpipe|swiftshader|lavapipe|basic render)/i;
