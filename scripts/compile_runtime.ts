import { runDeno } from "./run_deno.ts";

/** The version of Deno that the compiled program runs on, such as "2.6.10". */
export async function compileRuntime(): Promise<string> {
  const program = Deno.env.get("PACKFLOW_COMPILE_DENO") ?? Deno.execPath();
  return /^deno (\d+\.\d+\.\d+)/m.exec(await runDeno(["--version"], { program }))?.[1] ?? "unknown";
}

/**
 * Why the compiled program is no measure of how Packflow serves, or undefined if it is. `node:http` of older runtimes
 * has no time limits, holds back nobody, takes much longer, and their programs ignore OTEL_DENO.
 */
export function behindSource(runtime: string, source: string = Deno.version.deno): string | undefined {
  const [binary, own] = [runtime, source].map((version) => version.split(".").slice(0, 2).map(Number));
  const [major = 0, minor = 0] = binary ?? [];
  const [ownMajor = 0, ownMinor = 0] = own ?? [];
  if (major > ownMajor || (major === ownMajor && minor >= ownMinor)) return undefined;
  return `the binary runs on Deno ${runtime}, older than ${source}`;
}
