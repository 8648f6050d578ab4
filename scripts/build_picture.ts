/**
 * `deno task build-picture`: makes docs/images/terminal.svg, the picture in the README, of commands that it runs in a
 * terminal. Needs the program `script` of util-linux, and dist/packflow of `deno task compile`. How long things took
 * differs from run to run.
 */
import { join } from "node:path";
import { cut } from "./demo.ts";
import { ROOT } from "./run_deno.ts";
import { terminalSvg } from "./site/terminal_svg.ts";

const COLUMNS = 90;

/** What is typed, one after the other. */
const COMMANDS = [
  "packflow create phishing --template onnx",
  "cd phishing",
  "packflow test",
  "packflow run --input events.ndjson | head -n 2",
  "echo '{\"https\": 0.5}' | packflow run",
  "packflow package 2>&1 | tail -n 3",
];

/** Runs the commands and answers what a terminal shows, prompts included. */
async function show(commands: readonly string[]): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "packflow-picture-" });
  try {
    await prepare(folder);
    let shown = "";
    let cwd = folder;
    for (const command of commands) {
      shown += `\x1b[32m$\x1b[0m \x1b[1m${command}\x1b[0m\n`;
      if (command.startsWith("cd ")) cwd = join(cwd, command.slice("cd ".length));
      else shown += cut(await runInTerminal(command, { cwd, path: join(folder, ".bin") }));
    }
    return shown.replaceAll(folder, "~");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Puts the compiled program into the folder. */
async function prepare(folder: string): Promise<void> {
  await Deno.mkdir(join(folder, ".bin"));
  await Deno.symlink(join(ROOT, "dist/packflow"), join(folder, ".bin/packflow"));
}

async function runInTerminal(
  command: string,
  { cwd, path }: { cwd: string; path: string },
): Promise<string> {
  const { stdout } = await new Deno.Command("script", {
    args: ["--quiet", "--return", "--command", command, "/dev/null"],
    cwd,
    env: { PATH: `${path}:${Deno.env.get("PATH") ?? ""}`, TERM: "xterm-256color", NO_COLOR: "" },
    stdin: "null",
    stdout: "piped",
  }).output();
  return new TextDecoder().decode(stdout).replaceAll("\r\n", "\n");
}

if (import.meta.main) {
  const text = await show(COMMANDS);
  const title = "Packflow in a terminal: a project is made, tested, run over a stream, and packaged";
  await Deno.mkdir(join(ROOT, "docs/images"), { recursive: true });
  await Deno.writeTextFile(
    join(ROOT, "docs/images/terminal.svg"),
    terminalSvg({ title, text, columns: COLUMNS }),
  );
}
