/** The runtime, as messages name it. */
export function runtimeName(): string {
  return "the browser";
}

/** When WebAssembly can run on several threads, as messages say it. */
export const WASM_THREADS_NEED = "only where the page is cross-origin isolated";

/** Whether WebAssembly can run on several threads: pages may share memory only where they are isolated from others. */
export function hasWasmThreads(): boolean {
  return Reflect.get(globalThis, "crossOriginIsolated") === true;
}
