/** Asks shells for completions, in the way each of them can be asked, and what all of them must offer. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { main } from "../../lib/cli/main.ts";
import { ROOT } from "../../scripts/run_deno.ts";
import { capturedOutput } from "./captured_output.ts";
import { isInstalled } from "./is_installed.ts";
import { writeProject } from "./project_fixture.ts";
import { runProgram } from "./run_program.ts";

/** A shell that Packflow writes a completion for. */
export type ShellName = "bash" | "zsh" | "fish";

/** Where lines are typed. */
const FILES = {
  "phishing/packflow.jsonc": "{}",
  "my folder/packflow.jsonc": "{}",
  "other/nested/packflow.jsonc": "{}",
  "phishing-0.1.0.tar.gz": "",
  "events.ndjson": "",
  "model.onnx": "",
};

const FOLDERS = ["my folder", "other", "phishing"];
const PROJECTS = ["my folder", "phishing", "phishing-0.1.0.tar.gz"];

/** What is typed, what of it is the word to complete, and what is offered in its place. */
const CASES: readonly { typed: string; word?: string; offered: readonly string[] }[] = [
  { typed: "packflow ", word: "cre", offered: ["create"] },
  { typed: "packflow ", word: "exp", offered: ["explain", "export"] },
  { typed: "packflow run ", offered: PROJECTS },
  { typed: "packflow run ", word: "my", offered: ["my folder"] },
  { typed: "packflow run ", word: "oth", offered: ["other"] },
  { typed: "packflow run ", word: "other/", offered: ["other/nested"] },
  { typed: "packflow run --batch-size 8 ", word: "phishing-", offered: ["phishing-0.1.0.tar.gz"] },
  { typed: "packflow serve phishing ", offered: PROJECTS },
  { typed: "packflow run ", word: "--sandb", offered: ["--sandbox"] },
  { typed: "packflow run --sandbox ", offered: ["auto", "off", "strict"] },
  { typed: "packflow run ", word: "--sandbox=s", offered: ["strict"] },
  { typed: "packflow export --format ", offered: ["oci", "tar.gz", "zip"] },
  { typed: "packflow run -i ", word: "ev", offered: ["events.ndjson"] },
  { typed: "packflow run ", word: "--input=ev", offered: ["events.ndjson"] },
  { typed: "packflow run < ", word: "ev", offered: ["events.ndjson"] },
  { typed: "packflow create mine --from ", word: "mod", offered: ["model.onnx"] },
  { typed: "packflow unpack phishing-0.1.0.tar.gz ", offered: FOLDERS },
  { typed: "packflow diff phishing ", offered: PROJECTS },
  { typed: "packflow completion ", offered: ["bash", "fish", "zsh"] },
  { typed: "packflow explain ", word: "sink.c", offered: ["sink.checkpoint_mismatch", "sink.closed"] },
  { typed: "packflow run --threads ", offered: [] },
];

/** Registers a test that types every case into a shell; ignored, and said so, where the shell is missing. */
export function testCompletion(shell: ShellName): void {
  const needed = shell === "fish" ? ["fish"] : [shell, "python3"];
  const missing = needed.filter((program) => !isInstalled(program));
  if (missing.length > 0) {
    Deno.test.ignore(`${shell} completes: SKIPPED as ${missing.join(", ")} is not installed`, () => {});
    return;
  }
  Deno.test(`${shell} completes commands, options, choices, files, projects and packages`, async () => {
    await using folder = await writeProject(FILES);
    await using scripts = await writeProject({ packflow: await completionScript(shell) });
    const lines = CASES.map(({ typed, word = "" }) => typed + word);
    const answers = await (shell === "fish" ? askFish : askOnTerminal)(shell, {
      script: join(scripts.folder, "packflow"),
      cwd: folder.folder,
      lines,
    });
    const offered = answers.map((answer, at) => offeredWords(answer, CASES[at]?.typed ?? ""));
    assert.deepEqual(
      offered.map((words, at) => ({ line: lines[at], words })),
      CASES.map(({ offered }, at) => ({ line: lines[at], words: [...offered].sort() })),
    );
  });
}

/** What `packflow completion SHELL` prints. */
export async function completionScript(shell: ShellName): Promise<string> {
  const { value, stdout, stderr } = await capturedOutput(() => main(["completion", shell]));
  assert.deepEqual([value, stderr], [0, ""]);
  return stdout;
}

/** What a shell is asked. */
interface Question {
  readonly script: string;
  readonly cwd: string;
  readonly lines: readonly string[];
}

/** The lines with every completion inserted. */
async function askOnTerminal(shell: ShellName, { script, cwd, lines }: Question): Promise<string[]> {
  const program = join(ROOT, "tests", "helpers", "complete_in_shell.py");
  const output = await run(["python3", program, shell, script], { cwd, stdin: lines.join("\n") });
  return output.split("\n").slice(0, -1);
}

/** The lines with what fish offers behind them, as if it were inserted. */
async function askFish(_shell: ShellName, { script, cwd, lines }: Question): Promise<string[]> {
  const ask = "source $argv[1]; while read -l line; set -l words (complete -C $line | " +
    "string replace -r '\\t.*' '' | string replace -a ' ' '\\ '); echo (string join -- ' ' $words); end";
  const output = await run(["fish", "--no-config", "-c", ask, script], {
    cwd,
    stdin: lines.join("\n") + "\n",
  });
  return output.split("\n").slice(0, -1).map((words, at) => (CASES[at]?.typed ?? "") + words);
}

async function run(command: readonly string[], { cwd, stdin }: { cwd: string; stdin: string }) {
  const env = { HOME: cwd, LC_ALL: "C.UTF-8" };
  const { code, stdout, stderr } = await runProgram(command, { cwd, stdin, env });
  assert.equal(code, 0, stderr);
  return stdout;
}

/** The words behind what was typed, without what shells put around them: quotes, slashes, the option itself. */
function offeredWords(line: string, typed: string): string[] {
  assert.ok(line.startsWith(typed), JSON.stringify({ line, typed }));
  const words = line.slice(typed.length).match(/(?:\\.|[^\s\\])+/g) ?? [];
  return words.map((word) => word.replaceAll("\\", "").replace(/^--[\w-]+=(?=.)|[/=]$/g, "")).sort();
}
