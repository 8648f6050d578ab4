/** Engines that drive Packflow by the recipes of docs/scale-out.md, as they stand there. */
import { join } from "node:path";
import { type Engine, enginePython } from "../../scripts/engine_python.ts";
import { ROOT } from "../../scripts/run_deno.ts";
import { eventually } from "./eventually.ts";
import { inTime } from "./in_time.ts";
import { type Program, programs } from "./packflow_run.ts";

/** The code blocks of a language in a section of docs/scale-out.md, in order. */
export async function recipes(section: string, language: string): Promise<string[]> {
  const text = await Deno.readTextFile(join(ROOT, "docs/scale-out.md"));
  const [, body = ""] = text.split(new RegExp(`^## ${section}$`, "m"));
  const [own = ""] = body.split(/^## /m);
  return [...own.matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , code = ""]) => code);
}

/** A folder in which recipes run: the project "phishing", `events.ndjson`, and `packflow` on the path. */
export class EngineFolder {
  readonly path: string;
  readonly #program: Program;

  private constructor(path: string, program: Program) {
    this.path = path;
    this.#program = program;
  }

  /** Makes one with so many events, each with an `id`. */
  static async make(program: Program, events: number): Promise<EngineFolder> {
    const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "packflow-engine-" }));
    const folder = new EngineFolder(path, program);
    await folder.write(
      "bin/packflow",
      `#!/bin/sh\nexec ${[program.path, ...program.args].map(quoted).join(" ")} "$@"\n`,
    );
    await Deno.chmod(join(path, "bin/packflow"), 0o755);
    await folder.run("packflow", ["create", "phishing", "--template", "onnx"]);
    const lines = (await Deno.readTextFile(join(path, "phishing/events.ndjson"))).trimEnd().split("\n");
    const numbered = Array.from({ length: events }, (_, id) => {
      const line = lines[id % lines.length] ?? "";
      return `{"id":${id},${line.slice(1)}\n`;
    });
    await folder.write("events.ndjson", numbered.join(""));
    return folder;
  }

  /** From source or the compiled binary. */
  get programName(): string {
    return this.#program.name;
  }

  async write(file: string, text: string): Promise<void> {
    const path = join(this.path, file);
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeTextFile(path, text);
  }

  async read(file: string): Promise<string> {
    return await Deno.readTextFile(join(this.path, file));
  }

  /** What `packflow run` itself answers to the events. */
  async answers(): Promise<string> {
    return await this.run("packflow", ["run", "phishing", "--keep", "id", "--input", "events.ndjson"]);
  }

  /** Runs a program in the folder; gives what it printed, and throws when it fails or takes too long. */
  async run(program: string, args: readonly string[], limitMs = 300_000): Promise<string> {
    const child = new Deno.Command(program === "packflow" ? join(this.path, "bin/packflow") : program, {
      args: [...args],
      cwd: this.path,
      env: { PATH: `${join(this.path, "bin")}:${Deno.env.get("PATH") ?? ""}`, NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    try {
      const { success, stdout, stderr } = await inTime(child.output(), `the end of ${program}`, limitMs);
      if (success) return new TextDecoder().decode(stdout);
      throw new Error(new TextDecoder().decode(stderr).slice(-8000));
    } catch (error) {
      kill(child);
      throw error;
    }
  }

  /** Resolves when no process that works in the folder is left; Linux only. */
  async untilQuiet(): Promise<void> {
    await eventually("no process is left", async () => (await this.#processes()).length === 0);
  }

  async #processes(): Promise<string[]> {
    const found: string[] = [];
    for await (const { name } of Deno.readDir("/proc")) {
      if (!/^\d+$/.test(name) || Number(name) === Deno.pid) continue;
      const command = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
      if (command.includes(this.path)) found.push(command);
    }
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/**
 * Registers a test of an engine: call it at the top level of a test file. Without Python or what the engine needs it is told as ignored, and under `CI=true`
 * fails.
 */
export async function engineTest(
  name: string,
  { engine, needs = [] }: { engine: Engine; needs?: readonly string[] },
  run: (python: string, program: Program) => Promise<void>,
): Promise<void> {
  // the compiled one where there is one
  const program = (await programs()).at(-1);
  const found = await enginePython(engine);
  const lacking = needs.find((program) => !isThere(program));
  const missing = "missing" in found ? found.missing : lacking && `there is no ${lacking}`;
  if (missing === undefined && "python" in found && program !== undefined) {
    return Deno.test(`${engine}: ${name} (${program.name})`, () => run(found.python, program));
  }
  if (Deno.env.get("CI") === "true") throw new Error(`${engine} cannot be had: ${missing}`);
  Deno.test.ignore(`${engine}: SKIPPED as it cannot be had: ${missing}`, () => {});
}

function isThere(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["-version"], stdout: "null", stderr: "null" }).outputSync()
      .success;
  } catch {
    return false;
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // it has ended
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
