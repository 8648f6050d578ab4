/** The command line as users meet it: from source with Deno, and as the compiled binary on a bare machine. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT } from "../../scripts/run_deno.ts";
import { binary } from "./binary.ts";

/** A run that takes longer hangs, and is killed. */
const DEADLINE_MS = 300_000;

/** How a run ended. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The exit code it must end with; 0 unless said, "any" for the caller to judge. */
  readonly code?: number | "any";
  /** A shell line that ends in `"$@"`, the program and its arguments; for redirections and the umask. */
  readonly shell?: string;
}

/** One of the two ways to run Packflow. */
export class Packflow {
  readonly #command: readonly [string, ...string[]];
  readonly #env: Readonly<Record<string, string>> | undefined;

  /** @param env All of the environment it gets; the tests' own when left out. */
  constructor(command: readonly [string, ...string[]], env?: Readonly<Record<string, string>>) {
    this.#command = command;
    this.#env = env;
  }

  /** The process, yet to be started. */
  command(args: readonly string[], { cwd, env, shell, stdin }: RunOptions): Deno.Command {
    const words = [...this.#command, ...args];
    const [program = "", ...rest] = shell === undefined ? words : ["/bin/sh", "-c", shell, "sh", ...words];
    return new Deno.Command(program, {
      args: rest,
      cwd,
      clearEnv: this.#env !== undefined,
      env: { ...(this.#env ?? { NO_COLOR: "1" }), ...env },
      stdin: stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    });
  }

  /** Runs to the end, and asserts the exit code. */
  async run(args: readonly string[], options: RunOptions): Promise<Finished> {
    const child = this.command(args, options).spawn();
    const late = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS);
    const [output] = await Promise.all([child.output(), feed(child, options.stdin)]);
    clearTimeout(late);
    const decoder = new TextDecoder();
    const finished = {
      code: output.code,
      stdout: decoder.decode(output.stdout),
      stderr: decoder.decode(output.stderr),
    };
    const { code = 0 } = options;
    if (code !== "any") assert.equal(finished.code, code, `${args.join(" ")}: ${JSON.stringify(finished)}`);
    return finished;
  }

  /** Runs with `--json`, and answers the one object it prints. */
  async json(args: readonly string[], options: RunOptions): Promise<Report> {
    const { stdout } = await this.run([...args, "--json"], options);
    assert.equal(stdout.indexOf("\n"), stdout.length - 1, `not one line: ${stdout}`);
    return JSON.parse(stdout);
  }
}

/** What `--json` prints, as far as tests of every command look at it. */
export interface Report {
  readonly schema: string;
  readonly ok: boolean;
  readonly diagnostics: readonly {
    readonly severity: string;
    readonly code: string;
    readonly message: string;
    readonly file?: string;
    readonly line?: number;
    readonly column?: number;
  }[];
  readonly [key: string]: unknown;
}

/** A program that ends before it has read everything closes the pipe, which is its right. */
async function feed(child: Deno.ChildProcess, text: string | undefined): Promise<void> {
  if (text === undefined) return;
  try {
    await new Blob([text]).stream().pipeTo(child.stdin);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/** Packflow from source, with the environment of the tests. */
export const FROM_SOURCE: Packflow = new Packflow([
  Deno.execPath(),
  "run",
  "--quiet",
  "--allow-all",
  join(ROOT, "cli.ts"),
]);

/** Registers a test once for each way to run Packflow; the test gets a folder of its own. */
export type TestPackflow = (
  name: string,
  run: (packflow: Packflow, folder: string) => Promise<void>,
) => void;

/** Registers a test that needs no binary; the test gets a folder of its own. */
export const testFromSource: TestPackflow = (name, run) => {
  Deno.test(`source: ${name}`, () => inFolder((folder) => run(FROM_SOURCE, folder)));
};

/** How end-to-end tests are registered. Call it at the top level of a test file. */
export async function packflowTests(): Promise<TestPackflow> {
  const built = await binary();
  return (name, run) => {
    testFromSource(name, run);
    Deno.test({
      name: `binary: ${name}`,
      ignore: typeof built !== "string",
      async fn() {
        assert.ok(typeof built === "string");
        // no programs, no home, no settings: nothing but the file itself
        const bare = new Packflow([built], { PATH: "", HOME: "" });
        await inFolder((folder) => run(bare, folder));
      },
    });
  };
}

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "packflow-e2e-" }));
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
