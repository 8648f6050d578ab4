/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is started. */
export interface ProgramOptions {
  readonly cwd?: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it gets nothing of the tests' own environment. */
  readonly clearEnv?: boolean;
  /** How long it may take before the test fails, in milliseconds. */
  readonly deadline?: number;
}

/** Runs a program to its end; one that hangs fails the test. */
export async function runProgram(
  [program = "", ...args]: readonly string[],
  { cwd, stdin = "", env = {}, clearEnv = false, deadline = 60_000 }: ProgramOptions = {},
): Promise<Ended> {
  const child = new Deno.Command(program, {
    args: [...args],
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...env },
    clearEnv,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(deadline),
  }).spawn();
  const [output] = await Promise.all([child.output(), feed(child.stdin, stdin)]);
  if (output.signal !== null) throw new Error(`"${program}" was stopped by ${output.signal}`);
  const decoder = new TextDecoder();
  return { code: output.code, stdout: decoder.decode(output.stdout), stderr: decoder.decode(output.stderr) };
}

/** A program that ends before it has read everything closes the pipe, which is its right. */
async function feed(stdin: WritableStream<Uint8Array>, text: string): Promise<void> {
  try {
    await new Blob([text]).stream().pipeTo(stdin);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
