import { join } from "node:path";
import { binary } from "../../tests/helpers/binary.ts";
import { ROOT } from "../run_deno.ts";
import { type Job, type MeasuredRun, measuredRun } from "./measured_run.ts";
import { type ProcessResult, runProcess } from "./run_process.ts";

/** The command line of Packflow, as the binary or from source. */
export class PackflowProgram {
  /** Absent from source. */
  readonly binaryBytes: number | undefined;
  readonly #command: readonly [program: string, ...args: string[]];
  readonly #folder: string;

  private constructor(folder: string, binaryFile?: { path: string; size: number }) {
    this.#folder = folder;
    this.binaryBytes = binaryFile?.size;
    this.#command = binaryFile === undefined
      ? [Deno.execPath(), "run", "--quiet", "--no-check", "--allow-all", join(ROOT, "cli.ts")]
      : [binaryFile.path];
  }

  /**
   * The binary, compiled if need be, since it is what users run; from source where it cannot be compiled.
   *
   * @param folder Where the program runs.
   */
  static async find(folder: string, { fromSource }: { fromSource: boolean }): Promise<PackflowProgram> {
    if (fromSource) return new PackflowProgram(folder);
    const path = await binary();
    if (typeof path !== "string") {
      console.log(`No binary as ${path.skipped}: measuring from source`);
      return new PackflowProgram(folder);
    }
    return new PackflowProgram(folder, { path, size: (await Deno.stat(path)).size });
  }

  /** How the program runs, for the report. */
  get form(): "binary" | "source" {
    return this.binaryBytes === undefined ? "source" : "binary";
  }

  /** The program and its arguments, for who starts it in a way of his own. */
  commandLine(args: readonly string[]): { program: string; args: string[]; cwd: string } {
    const [program, ...before] = this.#command;
    return { program, args: [...before, ...args], cwd: this.#folder };
  }

  /** Runs any command of the program. */
  async start(
    args: readonly string[],
    options: { memory?: "PSS" | "RSS" | undefined; feed?: AsyncIterable<Uint8Array> } = {},
  ): Promise<ProcessResult> {
    return await runProcess({ ...this.commandLine(args), ...options });
  }

  /** Streams a file of events through a project. */
  async run(project: string, job: Job & { readonly workers?: number }): Promise<MeasuredRun> {
    const { input, output, batchSize, workers, memory, rows } = job;
    const args = ["run", project, "--input", input, "--output", output, "--batch-size", String(batchSize)];
    if (workers !== undefined) args.push("--workers", String(workers));
    return measuredRun(await this.start([...args, "--summary", "json"], { memory }), rows);
  }
}
