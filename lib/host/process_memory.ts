/**
 * The most memory that a process has held at once, in bytes: pages in memory, code shared with others included.
 * Undefined where the system does not say, or the process is gone.
 */
export function peakMemoryOf(pid: number): number | undefined {
  if (Deno.build.os !== "linux") return undefined;
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
