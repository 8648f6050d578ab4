/** Whether this is the program made by `deno compile`, not Deno running source. */
export function isCompiled(): boolean {
  return Deno.build.standalone;
}

/** Path of the running executable: Deno itself, or the compiled program. */
export function executablePath(): string {
  return Deno.execPath();
}

/** The operating system: "linux", "darwin", "windows"... */
export function operatingSystem(): string {
  return Deno.build.os;
}

/** Number of processor cores that this process may use. */
export function availableCores(): number {
  return Math.max(1, navigator.hardwareConcurrency);
}

/** The runtime and its version, such as "Deno 2.9.6". */
export function runtimeName(): string {
  return `Deno ${Deno.version.deno}`;
}

/** When WebAssembly can run on several threads, as messages say it. */
export const WASM_THREADS_NEED = "only from Deno 2.7 on";

/** Whether WebAssembly can run on several threads: before Deno 2.7 their messages overflow the stack. */
export function hasWasmThreads(version: string = Deno.version.deno): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return typeof SharedArrayBuffer === "function" && (major > 2 || (major === 2 && minor >= 7));
}

/** Whether WebAssembly has instructions that work on several numbers at once. */
export function hasWasmSimd(): boolean {
  // A function () -> v128 that gives (i8x16.splat (i32.const 0)).
  return WebAssembly.validate(
    Uint8Array.of(
      0,
      97,
      115,
      109,
      1,
      0,
      0,
      0,
      1,
      5,
      1,
      96,
      0,
      1,
      123,
      3,
      2,
      1,
      0,
      10,
      8,
      1,
      6,
      0,
      65,
      0,
      253,
      15,
      11,
    ),
  );
}

/** Memory of the machine in bytes: all there is, and what can be had now. */
export function machineMemory(): { total: number; available: number } {
  const { total, available } = Deno.systemMemoryInfo();
  return { total, available };
}
