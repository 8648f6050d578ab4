import { processTree } from "./process_memory.ts";

const START_MS = 60_000;
const LOOK_MS = 50;
/** Enough of standard error to see what went wrong. */
const KEPT = 4000;

/** How a server is started. */
export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A server for the time of a measurement, gone with all processes it has started when `await using` ends. */
export class ServerProcess {
  readonly #child: Deno.ChildProcess;
  readonly #errors: Promise<void>;
  #text = "";
  #hasEnded = false;

  /** Starts a process that does its work without being asked. */
  constructor(command: ServerCommand) {
    const { program, args, cwd, env = {} } = command;
    this.#child = new Deno.Command(program, {
      args: [...args],
      cwd,
      env: { ...env },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#child.status.then(() => this.#hasEnded = true);
    this.#errors = this.#readErrors();
  }

  /**
   * Starts a server and waits until it does what it is asked.
   *
   * @throws {Error} with the end of its standard error, if it ends or takes longer than a minute.
   */
  static async start(command: ServerCommand, answers: () => Promise<boolean>): Promise<ServerProcess> {
    const server = new ServerProcess(command);
    const until = performance.now() + START_MS;
    while (!await answers().catch(() => false)) {
      if (server.#hasEnded || performance.now() > until) {
        await server[Symbol.asyncDispose]();
        throw new Error(`Cannot start "${command.program} ${command.args.join(" ")}": ${server.#text}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return server;
  }

  get pid(): number {
    return this.#child.pid;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The end of its standard error. */
  get text(): string {
    return this.#text;
  }

  /** Some of the peers leave processes behind that go on listening, so all are killed. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#hasEnded) { for (const pid of await processTree(this.#child.pid)) kill(pid); }
    await this.#child.status;
    await this.#errors;
  }

  async #readErrors(): Promise<void> {
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      this.#text = (this.#text + text).slice(-KEPT);
    }
  }
}

/** It may be gone by now. */
function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** A port of the loopback that nobody uses at the moment. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
