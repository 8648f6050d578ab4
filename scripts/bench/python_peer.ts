import { join } from "node:path";
import { pythonEnvironment } from "../python_environment.ts";
import { ROOT } from "../run_deno.ts";
import { type Job, type MeasuredRun, measuredRun } from "./measured_run.ts";
import { type ProcessResult, runProcess } from "./run_process.ts";

const REQUIREMENTS = ["packflow==0.4.1", "onnxruntime==1.32.0"];
const PEERS = join(ROOT, "tests", "bench");

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
    const found = await pythonEnvironment({
      cache: "packflow-bench",
      packages: REQUIREMENTS,
      told: ["numpy"],
    });
    return "missing" in found ? found : new PythonPeer(found.python, found.versions);
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
