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
