/** `packflow run` as a process, from source and compiled, with its three streams at hand. */
import { join } from "node:path";
import { ROOT } from "../../scripts/run_deno.ts";
import { binary } from "./binary.ts";

/** A way to start the program. */
export interface Program {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
}

/** The ways that this machine has: from source, and compiled where that can be done. */
export async function programs(): Promise<Program[]> {
  const source = { name: "source", path: Deno.execPath(), args: ["run", "-A", join(ROOT, "cli.ts")] };
  const compiled = await binary();
  return typeof compiled === "string" ? [source, { name: "binary", path: compiled, args: [] }] : [source];
}

const encoder = new TextEncoder();

/** How a run ended. */
export interface RunEnd {
  readonly code: number;
  readonly signal: string | null;
  /** All it wrote to standard error. */
  readonly errors: string;
  /** What `--summary json` says; empty without. */
  readonly summary: Readonly<Record<string, unknown>>;
}

/** A `packflow run` under way; its output is read only when asked for. */
export class PackflowRun {
  /** What has been read of the output. */
  output = "";
  /** Bytes that the run has taken from `write`, or that lie in the pipe to it. */
  accepted = 0;
  readonly ended: Promise<RunEnd>;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;
  #errors = "";
  #errorsHeard: (() => void) | undefined;
  #lines = 0;

  /** Starts `packflow run PROJECT ...`; `shell` is a redirection such as `>/dev/full`. */
  constructor(
    program: Program,
    args: readonly string[],
    { shell, env = {} }: { shell?: string; env?: Readonly<Record<string, string>> } = {},
  ) {
    const command = [program.path, ...program.args, "run", ...args];
    const options = {
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      env: { NO_COLOR: "1", ...env },
    } as const;
    const child = shell === undefined
      ? new Deno.Command(program.path, { args: command.slice(1), ...options })
      : new Deno.Command("sh", { args: ["-c", `exec "$@" ${shell}`, "sh", ...command], ...options });
    this.#child = child.spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#input.closed.catch(() => {});
    this.#output = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const errors = this.#readErrors();
    this.ended = this.#child.status.then(async ({ code, signal }) => {
      await errors;
      // Lets go of the pipe, which a write under way would keep open.
      await this.#input.abort().catch(() => {});
      return { code, signal, errors: this.#errors, summary: summaryIn(this.#errors) };
    });
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Writes to the input, as fast as it is taken; false if nobody takes it any more. */
  async write(data: string | Uint8Array): Promise<boolean> {
    const bytes = typeof data === "string" ? encoder.encode(data) : data;
    try {
      await this.#input.write(bytes);
    } catch {
      return false;
    }
    this.accepted += bytes.length;
    return true;
  }

  /** Ends the input. */
  async endInput(): Promise<void> {
    await this.#input.close().catch(() => {});
  }

  /** Reads until there are so many lines of output, or it ends; returns how many there are. */
  async readLines(count: number): Promise<number> {
    while (this.#lines < count) {
      const { done, value } = await this.#output.read();
      if (done) break;
      this.output += value;
      for (let at = value.indexOf("\n"); at !== -1; at = value.indexOf("\n", at + 1)) this.#lines++;
    }
    return this.#lines;
  }

  /** Reads the rest of the output and throws it away; `onChunk` hears how long it is so far. */
  async drain(onChunk: (length: number) => void = () => {}): Promise<void> {
    let length = this.output.length;
    for (let chunk = await this.#output.read(); !chunk.done; chunk = await this.#output.read()) {
      onChunk(length += chunk.value.length);
    }
  }

  /** Reads the output to its end and waits for the process; the input must end. */
  async finish(): Promise<RunEnd> {
    await this.readLines(Infinity);
    return await this.ended;
  }

  /** Goes away as a reader that has seen enough. */
  async closeOutput(): Promise<void> {
    await this.#output.cancel();
  }

  /** Resolves with standard error so far when it has a text; rejects if it ends without. */
  async hears(text: string): Promise<string> {
    while (!this.#errors.includes(text)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#errorsHeard = resolve;
      await Promise.race([promise, this.ended.then(() => Promise.reject(new Error(this.#errors)))]);
    }
    return this.#errors;
  }

  signal(name: Deno.Signal): void {
    this.#child.kill(name);
  }

  /** Kills it, if it has not ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // it has ended
    }
    await this.#output.cancel().catch(() => {});
    await this.ended;
  }

  async #readErrors(): Promise<void> {
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      this.#errors += text;
      this.#errorsHeard?.();
    }
  }
}

/** Runs a project on an input that is there as a whole. */
export async function runOn(
  program: Program,
  input: string,
  args: readonly string[],
): Promise<RunEnd & { lines: string[] }> {
  const run = new PackflowRun(program, args);
  const written = run.write(input).then(() => run.endInput());
  const end = await run.finish();
  await written;
  return { ...end, lines: run.output.split("\n").slice(0, -1) };
}

function summaryIn(errors: string): Record<string, unknown> {
  const last = errors.trimEnd().split("\n").at(-1) ?? "";
  return last.startsWith('{"schema":"packflow.run/1"') ? JSON.parse(last) : {};
}
