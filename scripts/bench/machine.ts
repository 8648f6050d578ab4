import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { VERSION } from "../../lib/base/version.ts";

/** What the figures depend on beside the machine. */
interface Circumstances {
  readonly form: "binary" | "source";
  readonly pythonVersions: string | undefined;
  /** Of `load()`, before anything was started. */
  readonly loadBefore: number;
}

/** Where and with what the figures were made, by heading. */
export async function describeMachine(
  { form, pythonVersions, loadBefore }: Circumstances,
): Promise<Record<string, string>> {
  const release = await Deno.readTextFile("/etc/os-release").catch(() => "");
  const system = /^PRETTY_NAME="(.+)"$/m.exec(release)?.[1] ?? Deno.build.os;
  return {
    CPU: `${cpus()[0]?.model.trim() ?? "unknown"}, ${availableParallelism()} cores`,
    Memory: `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    System: `${system}, ${Deno.build.arch}, kernel ${Deno.osRelease()}`,
    Packflow: `${VERSION}, ${
      form === "binary" ? "the compiled binary" : `from source, Deno ${Deno.version.deno}`
    }`,
    Peer: pythonVersions ?? "not measured",
    "Load before": loadBefore.toFixed(2),
    Date: new Date().toISOString().slice(0, 10),
  };
}

/** How many processes wanted to run in the last minute, on average; 0 where the system does not say. */
export function load(): number {
  return loadavg()[0] ?? 0;
}
