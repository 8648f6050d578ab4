/** A terminal for programs that ask: a pseudo-terminal of the system, held by a few lines of Python. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT } from "../../scripts/run_deno.ts";
import type { Packflow } from "./packflow.ts";

/** What was on the terminal, and how the program ended. */
export interface TerminalRun {
  readonly code: number;
  /** Without the sequences that colour text and move the cursor. */
  readonly text: string;
  /** All of it. */
  readonly output: string;
}

export interface TerminalOptions {
  readonly cwd: string;
  /** Texts to wait for, each with the keys to type then. */
  readonly steps: readonly (readonly [text: string, keys: string])[];
  readonly env?: Readonly<Record<string, string>>;
}

const SECONDS = 60;

/**
 * The Python that opens terminals, or undefined where this machine has none; with `CI=true` its lack is an error,
 * but on Windows, where Python opens none. Call it at the top level of a test file: a lack is told once, as an ignored test.
 */
export async function findTerminal(): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("python3", {
      args: ["-c", "import pty, sys; sys.stdout.write(sys.executable)"],
    }).output();
    if (success) return new TextDecoder().decode(stdout);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (Deno.env.get("CI") === "true" && Deno.build.os !== "windows") {
    throw new Error("There is no python3 that opens terminals for tests");
  }
  Deno.test.ignore("terminal: SKIPPED as there is no python3 that opens terminals", () => {});
  return undefined;
}

/** Runs Packflow on a terminal; fails where a text does not come within a minute. */
export async function runOnTerminal(
  { packflow, python }: { packflow: Packflow; python: string },
  args: readonly string[],
  { cwd, steps, env = {} }: TerminalOptions,
): Promise<TerminalRun> {
  const { stdout } = await packflow.run(args, {
    cwd,
    shell: `exec '${python}' '${join(ROOT, "tests", "helpers", "terminal.py")}' "$@"`,
    stdin: JSON.stringify({ steps, seconds: SECONDS }),
    env: { TERM: "xterm-256color", ...env },
  });
  const { code, output } = JSON.parse(stdout);
  assert.ok(typeof code === "number" && typeof output === "string");
  // deno-lint-ignore no-control-regex -- these are control characters
  return { code, output, text: output.replace(/\x1b\[[\d;?]*[A-Za-z]/g, "").replaceAll("\r", "") };
}
