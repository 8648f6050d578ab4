/**
 * `deno task demo`: what Packflow does, in a minute. Makes a project from the ONNX template in a temporary folder,
 * takes it to a package that runs, and shows every command as a user types it.
 */
import { join } from "node:path";
import { ROOT } from "./run_deno.ts";

/** Of a command's output no more lines than this are shown. */
const MAX_LINES = 8;

interface Step {
  readonly args: readonly string[];
  /** The folder it runs in, below the temporary one. */
  readonly folder?: string;
  /** File that standard input comes from, relative to its folder. */
  readonly input?: string;
}

const STEPS: readonly Step[] = [
  { args: ["create", "phishing", "--template", "onnx"] },
  { args: ["validate"], folder: "phishing" },
  { args: ["test"], folder: "phishing" },
  { args: ["run"], folder: "phishing", input: "events.ndjson" },
  { args: ["package"], folder: "phishing" },
  { args: ["verify", "phishing-0.1.0.tar.gz"], folder: "phishing" },
  { args: ["run", "phishing-0.1.0.tar.gz"], folder: "phishing", input: "events.ndjson" },
];

/** Runs every step until one fails; answers whether none did. */
export async function demo(steps: readonly Step[] = STEPS): Promise<boolean> {
  const parent = await Deno.makeTempDir({ prefix: "packflow-demo-" });
  try {
    let folder = ".";
    for (const step of steps) {
      if (step.folder !== undefined && step.folder !== folder) {
        folder = step.folder;
        console.log(`$ cd ${folder}\n`);
      }
      if (!await show(step, join(parent, folder))) return false;
    }
    console.log(`Demo passed: ${steps.length} commands, from nothing to a package that runs`);
    return true;
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

async function show({ args, input }: Step, cwd: string): Promise<boolean> {
  const command = `packflow ${args.join(" ")}`;
  console.log(`$ ${command}${input === undefined ? "" : ` < ${input}`}`);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", join(ROOT, "cli.ts"), ...args],
    cwd,
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [{ success, code, stdout, stderr }] = await Promise.all([
    child.output(),
    input === undefined ? undefined : feed(child, join(cwd, input)),
  ]);
  const decoder = new TextDecoder();
  console.log(cut(decoder.decode(stdout)) + cut(decoder.decode(stderr)));
  if (!success) console.log(`Demo failed: "${command}" ended with exit code ${code}`);
  return success;
}

async function feed(child: Deno.ChildProcess, path: string): Promise<void> {
  const file = await Deno.open(path);
  try {
    await file.readable.pipeTo(child.stdin);
  } catch (error) {
    // the command ended early: its exit code says why
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/** The first and the last lines of a long text: what findings or answers look like, and what came of it. */
export function cut(text: string): string {
  const lines = text.split("\n").slice(0, -1);
  if (lines.length > MAX_LINES) {
    const left = lines.length - MAX_LINES;
    lines.splice(MAX_LINES / 2, left, `... ${left} more line${left === 1 ? "" : "s"}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

if (import.meta.main && !await demo()) Deno.exit(1);
