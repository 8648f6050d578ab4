import { homedir } from "node:os";
import { join } from "node:path";
import { type Run, runProgram } from "./run_program.ts";

/** Debian's, and the library that it needs. */
const DEBIAN_PACKAGES = ["wrk", "libluajit-5.1-2"];
const LIBRARIES = ["x86_64-linux-gnu", "aarch64-linux-gnu"].map((name) => join("usr", "lib", name));

/** Requests to send again and again, and for how long. */
export interface Load {
  readonly url: string;
  /** JSON texts, sent in turn. */
  readonly bodies: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** Where the tool's script may lie. */
  readonly folder: string;
}

/** What the servers did under a load. */
export interface LoadResult {
  readonly perSecond: number;
  /** Milliseconds that half of the requests, and 99 of 100, took at most. */
  readonly p50: number;
  readonly p99: number;
}

/** wrk: one thread in C, so that two cores are left to those who are measured. https://github.com/wg/wrk */
export class LoadTool {
  /** Such as "wrk 4.1.0". */
  readonly version: string;
  readonly #program: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(program: string, env: Readonly<Record<string, string>>, version: string) {
    this.#program = program;
    this.#env = env;
    this.version = version;
  }

  /** The tool on the path, else Debian's package, unpacked in the user's cache folder; or why there is none. */
  static async find(): Promise<LoadTool | { readonly missing: string }> {
    const onPath = await LoadTool.#at("wrk", {});
    if (onPath !== undefined) return onPath;
    const base = Deno.env.get("XDG_CACHE_HOME") ?? join(homedir(), ".cache");
    const folder = join(base, "packflow-bench", "wrk");
    return await LoadTool.#in(folder) ?? await unpackDebian(folder) ?? await LoadTool.#in(folder) ??
      { missing: `the wrk of ${folder} does not start` };
  }

  static #in(folder: string): Promise<LoadTool | undefined> {
    const env = { LD_LIBRARY_PATH: LIBRARIES.map((path) => join(folder, path)).join(":") };
    return LoadTool.#at(join(folder, "usr", "bin", "wrk"), env);
  }

  static async #at(program: string, env: Readonly<Record<string, string>>): Promise<LoadTool | undefined> {
    // it ends with 1 when asked for its version
    const { stdout, stderr } = await runProgram({ program, args: ["-v"], env });
    const version = /^wrk (?:\S*\/)?(\d[\d.]*)/m.exec(stdout + stderr)?.[1];
    return version === undefined ? undefined : new LoadTool(program, env, `wrk ${version}`);
  }

  /**
   * Keeps every connection busy with one request after another.
   *
   * @throws {Error} if a request failed or was answered other than 2xx.
   */
  async run({ url, bodies, connections, seconds, folder }: Load): Promise<LoadResult> {
    const script = join(folder, "load.lua");
    await Deno.writeTextFile(script, scriptFor(bodies));
    const size = ["--threads", "1", "--connections", String(connections), "--duration", `${seconds}s`];
    const { stdout, stderr } = await runProgram({
      program: this.#program,
      args: [...size, "--timeout", "30s", "--script", script, url],
      env: this.#env,
    });
    return loadResult(`${stdout}${stderr}`);
  }
}

/** Has wrk send the bodies in turn, made ready before the clock starts, and tell what came of it as JSON. */
function scriptFor(bodies: readonly string[]): string {
  return `wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local bodies = {
${bodies.map((body) => `[==[${body}]==],`).join("\n")}
}
local ready = {}
local at = 0
function init(args)
  for index, body in ipairs(bodies) do ready[index] = wrk.format(nil, nil, nil, body) end
end
function request()
  at = at % #ready + 1
  return ready[at]
end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('\\n{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"failed":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
`;
}

/**
 * Reads what the script wrote.
 *
 * @throws {Error} if requests failed, or there were none.
 */
export function loadResult(text: string): LoadResult {
  const line = text.split("\n").find((each) => each.startsWith('{"requests":'));
  if (line === undefined) throw new Error(`Cannot measure a server as the load tool says: ${text.trim()}`);
  const { requests, microseconds, p50, p99, failed }: Record<string, number> = JSON.parse(line);
  if (!(Number(requests) > 0) || failed !== 0) {
    throw new Error(`Cannot measure a server that failed ${failed} of ${requests} requests`);
  }
  return {
    perSecond: Number(requests) / (Number(microseconds) / 1e6),
    p50: Number(p50) / 1000,
    p99: Number(p99) / 1000,
  };
}

/** Needs no rights; answers what went wrong. */
async function unpackDebian(folder: string): Promise<{ missing: string } | undefined> {
  await Deno.mkdir(folder, { recursive: true });
  const steps: Run[] = [{ program: "apt-get", args: ["download", ...DEBIAN_PACKAGES], cwd: folder }];
  for (const name of DEBIAN_PACKAGES) {
    steps.push({
      program: "sh",
      args: ["-c", 'dpkg-deb --extract "$1"_*.deb .', "sh", name],
      cwd: folder,
    });
  }
  for (const step of steps) {
    const { success, stderr } = await runProgram(step);
    if (!success) return { missing: `wrk is not on the path, and ${step.program}: ${stderr.trim()}` };
  }
  return undefined;
}
