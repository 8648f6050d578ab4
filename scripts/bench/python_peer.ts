import { join } from "node:path";
import { homedir } from "node:os";
import { ROOT } from "../run_deno.ts";
import { type Job, type MeasuredRun, measuredRun } from "./measured_run.ts";
import { type ProcessResult, runProcess } from "./run_process.ts";

const REQUIREMENTS = ["packflow==0.4.1", "onnxruntime==1.32.0"];
const PEERS = join(ROOT, "tests", "bench");
const SHOW_VERSIONS = "import platform, importlib.metadata as m; " +
  "print(platform.python_version(), *(m.version(name) for name in ('packflow', 'onnxruntime', 'numpy')))";

/** A script of tests/bench with the arguments that say what it serves. */
export interface Peer {
  readonly script: string;
  readonly args: readonly string[];
}

/** The Python packflow with native ONNX Runtime, in a virtual environment of its own. */
export class PythonPeer {
  /** Such as "Python 3.11.7, packflow 0.4.1, ...". */
  readonly versions: string;
  readonly #program: string;

  private constructor(program: string, versions: string) {
    this.#program = program;
    this.versions = versions;
  }

  /** The environment, made if need be outside of the repository, or why there is none. */
  static async find(): Promise<PythonPeer | { readonly missing: string }> {
    const folder = join(cacheFolder(), REQUIREMENTS.join("-").replaceAll("==", "-"));
    const isWindows = Deno.build.os === "windows";
    const program = join(folder, ...(isWindows ? ["Scripts", "python.exe"] : ["bin", "python"]));
    const existing = await versionsOf(program);
    if (existing !== undefined) return new PythonPeer(program, existing);
    console.log(`Making ${folder} with ${REQUIREMENTS.join(" and ")}`);
    const problem = await output(isWindows ? "python" : "python3", ["-m", "venv", "--clear", folder]) ??
      await output(program, ["-m", "pip", "install", "--quiet", ...REQUIREMENTS]);
    const versions = await versionsOf(program);
    if (problem === undefined && versions !== undefined) return new PythonPeer(program, versions);
    return { missing: problem ?? "the environment has other versions than were asked for" };
  }

  /** Streams a file of events through a peer. `threads` are ONNX Runtime's; left out, it takes all cores. */
  async run({ script, args }: Peer, job: Job, threads?: number): Promise<MeasuredRun> {
    const { input, output, batchSize, memory, rows } = job;
    const result: ProcessResult = await runProcess({
      program: this.#program,
      args: [join(PEERS, script), ...args, String(batchSize), input, output],
      cwd: PEERS,
      env: {
        // its log lines are not what is measured
        PACKFLOW_LOG_LEVEL: "ERROR",
        ...(threads === undefined ? {} : { THREADS: String(threads) }),
      },
      memory,
    });
    return measuredRun(result, rows);
  }
}

function cacheFolder(): string {
  const base = Deno.env.get("XDG_CACHE_HOME") ?? join(homedir(), ".cache");
  return join(base, "packflow-bench");
}

async function versionsOf(program: string): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(program, { args: ["-c", SHOW_VERSIONS] }).output();
    if (!success) return undefined;
    const [python, packflow, onnxruntime, numpy] = new TextDecoder().decode(stdout).trim().split(" ");
    const found = [`packflow==${packflow}`, `onnxruntime==${onnxruntime}`];
    if (found.join() !== REQUIREMENTS.join()) return undefined;
    return `Python ${python}, packflow ${packflow}, onnxruntime ${onnxruntime}, numpy ${numpy}`;
  } catch {
    // not there yet
    return undefined;
  }
}

/** Runs a program that makes something; answers what went wrong. */
async function output(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    await runProcess({ program, args, cwd: PEERS });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error);
  }
}
