/** The GPU that WebGPU offers. */
export interface GpuAdapter {
  readonly name: string;
  readonly isSoftware: boolean;
}

/** Says why models are not run there. */
export function findGpu(): Promise<GpuAdapter | string> {
  return Promise.resolve("Packflow's bundle for browsers has no WebGPU: take wasm");
}
