/** The ways to make a package that this machine has, for tests that their bytes are the same. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT } from "../../scripts/run_deno.ts";
import { binary } from "./binary.ts";

/** Formats of one file. */
export const FORMATS = ["tar.gz", "zip"] as const;
export type Format = typeof FORMATS[number];

/** What surrounds a program that makes a package; all of it must leave no trace in the bytes. */
export interface Surroundings {
  /** A program and its arguments that start the words behind them, such as `taskset -c 0`. */
  readonly wrapper?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly umask?: string;
  readonly cwd?: string;
}

/** How a run ended. */
export interface Made {
  readonly code: number;
  readonly sha256: string;
  /** What it said: the diagnostics of its report, and standard error. */
  readonly said: string;
}

/** One way to start Packflow. */
export class Packager {
  readonly name: string;
  readonly #words: readonly string[];
  readonly #env: Readonly<Record<string, string>>;

  constructor(name: string, words: readonly string[], env: Readonly<Record<string, string>>) {
    this.name = name;
    this.#words = words;
    this.#env = env;
  }

  /** Runs `packflow package ... --json` to its end. The environment holds nothing but what is said. */
  async run(args: readonly string[], around: Surroundings = {}): Promise<Made> {
    const shell = `umask ${around.umask ?? "022"}; exec "$@"`;
    const output = await new Deno.Command("/bin/sh", {
      args: ["-c", shell, "sh", ...around.wrapper ?? [], ...this.#words, "package", ...args, "--json"],
      clearEnv: true,
      env: { NO_COLOR: "1", ...this.#env, ...around.env },
      ...(around.cwd === undefined ? {} : { cwd: around.cwd }),
    }).output();
    const stdout = new TextDecoder().decode(output.stdout);
    const stderr = new TextDecoder().decode(output.stderr);
    const report = stdout === "" ? {} : JSON.parse(stdout);
    const diagnostics: { code: string; message: string }[] = report.diagnostics ?? [];
    const said = diagnostics.map(({ code, message }) => `${message} [${code}]`);
    return { code: output.code, sha256: String(report.sha256), said: [...said, stderr].join("\n") };
  }

  /** Makes a package at `output`, and answers the SHA-256 that it says, which must be that of the file. */
  async make(folder: string, output: string, format: Format, around: Surroundings = {}): Promise<string> {
    const made = await this.run([folder, "--output", output, "--format", format], around);
    assert.equal(made.code, 0, `${this.name}: ${made.said}`);
    const bytes = await Deno.readFile(output);
    const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    assert.equal(made.sha256, sha256, this.name);
    return sha256;
  }
}

/** From source with this Deno, with the one that compiles where it is another, and as the binary. */
export async function packagers(): Promise<Packager[]> {
  const programs = new Map([[await versionOf(Deno.execPath()), Deno.execPath()]]);
  const other = Deno.env.get("PACKFLOW_COMPILE_DENO");
  if (other !== undefined) programs.set(await versionOf(other), other);
  const denoDir = await cacheOf(Deno.execPath());
  const found = [...programs].map(([version, program]) =>
    new Packager(`source, ${version}`, [
      program,
      "run",
      "--quiet",
      "--allow-all",
      "--cached-only",
      join(ROOT, "cli.ts"),
    ], { DENO_DIR: denoDir })
  );
  const compiled = await binary();
  if (typeof compiled === "string") found.push(new Packager("binary", [compiled], {}));
  return found;
}

async function versionOf(deno: string): Promise<string> {
  const { version }: { version: { deno: string } } = JSON.parse(
    await outputOf(deno, ["eval", "--no-lock", "console.log(JSON.stringify({ version: Deno.version }))"]),
  );
  return `Deno ${version.deno}`;
}

async function cacheOf(deno: string): Promise<string> {
  const { denoDir }: { denoDir: string } = JSON.parse(await outputOf(deno, ["info", "--json"]));
  return denoDir;
}

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
