import { type MemorySample, MemorySampler } from "./process_memory.ts";

/** What to start. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Sum up the memory of the process and its children meanwhile. */
  readonly memory?: "PSS" | "RSS" | undefined;
  /** Bytes for standard input, as long as it takes some; left out: none. */
  readonly feed?: AsyncIterable<Uint8Array>;
}

/** What a process did. */
export interface ProcessResult {
  /** From before the start to after the end. */
  readonly wallSeconds: number;
  readonly stderr: string;
  readonly memory: readonly MemorySample[];
}

/**
 * Runs a process to its end; its standard output goes nowhere.
 *
 * @throws {Error} with the end of its standard error, if it fails.
 */
export async function runProcess(command: Command): Promise<ProcessResult> {
  const { program, args, env = {}, cwd, memory, feed } = command;
  const start = performance.now();
  const child = new Deno.Command(program, {
    args: [...args],
    env: { ...env },
    cwd,
    stdin: feed === undefined ? "null" : "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const sampler = memory && new MemorySampler(child.pid, memory);
  const sampling = sampler?.run();
  const [stderr, { success, code }] = await Promise.all([
    new Response(child.stderr).text(),
    child.status,
    feed && ReadableStream.from(feed).pipeTo(child.stdin),
  ]);
  const wallSeconds = (performance.now() - start) / 1000;
  sampler?.stop();
  await sampling;
  if (success) return { wallSeconds, stderr, memory: sampler?.samples ?? [] };
  throw new Error(
    `Cannot measure "${program} ${args.join(" ")}" as it ended with ${code}: ${stderr.slice(-2000)}`,
  );
}

/** The JSON object on the last line of what a process said. */
export function lastLineOf(stderr: string): Readonly<Record<string, unknown>> {
  const line = stderr.trimEnd().split("\n").at(-1) ?? "";
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value));
  } catch {
    // no JSON: said below
  }
  throw new Error(`Cannot read the summary of a run as its last line must be a JSON object: it is "${line}"`);
}
