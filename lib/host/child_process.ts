/** How to start a process. */
export interface ChildCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Its whole environment: nothing is passed on besides. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** How a process ended. */
export interface ChildStatus {
  readonly code: number;
  /** The signal that ended it, such as "SIGKILL". */
  readonly signal: string | null;
}

/** A process with pipes to its three standard streams. */
export interface ChildProcess {
  readonly pid: number;
  /** Writes to its standard input; resolves when the system has taken the bytes, which must not change until then. */
  write(bytes: Uint8Array): Promise<void>;
  /** What it writes to standard output. */
  readonly output: AsyncIterable<Uint8Array>;
  /** What it writes to standard error. */
  readonly errors: AsyncIterable<Uint8Array>;
  /** Ends it at once, whatever it is doing; nothing happens if it has ended. */
  kill(): void;
  readonly ended: Promise<ChildStatus>;
}

/** The processes that this one has started and that have not ended. */
const running = new Set<Deno.ChildProcess>();

/** Ends every process started here, whatever it is doing: a loop in one would outlive this process. */
export function killChildren(): void {
  for (const child of running) kill(child);
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Starts a process. */
export function startProcess({ program, args, env, cwd }: ChildCommand): ChildProcess {
  const child = new Deno.Command(program, {
    args: [...args],
    env: { ...env },
    clearEnv: true,
    cwd,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    // Ctrl-C goes to a whole group: what is under way is to be answered first.
    detached: true,
  }).spawn();
  running.add(child);
  const input = child.stdin.getWriter();
  // A process that ends leaves these rejected; its end is told by `ended`.
  input.closed.catch(() => {});
  return {
    pid: child.pid,
    write: (bytes) => input.write(bytes),
    output: child.stdout,
    errors: child.stderr,
    kill: () => kill(child),
    // A write under way would keep the pipe open.
    ended: child.status.then(async ({ code, signal }) => {
      running.delete(child);
      await input.abort().catch(() => {});
      return { code, signal };
    }),
  };
}

/** Makes the system end this process first when it runs out of memory; nothing happens where it cannot be asked. */
export function endFirstWhenShort(pid: number): void {
  if (Deno.build.os !== "linux") return;
  try {
    Deno.writeTextFileSync(`/proc/${pid}/oom_score_adj`, "1000");
  } catch {
    // Not allowed to write there, or the process is gone: it is only a precaution.
  }
}
