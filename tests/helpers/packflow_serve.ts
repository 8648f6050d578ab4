/** `packflow serve` as a process, from source and compiled. */
import { behindSource, compileRuntime } from "../../scripts/compile_runtime.ts";
import { eventually } from "./eventually.ts";
import { type Program, programs } from "./packflow_run.ts";
import { untilPending } from "./pending_records.ts";

/** The ways to start the program whose HTTP is that of the runtime that tests run on; others are told as ignored. */
export async function currentPrograms(): Promise<Program[]> {
  const all = await programs();
  const behind = all.length > 1 ? behindSource(await compileRuntime()) : undefined;
  if (behind === undefined) return all;
  Deno.test.ignore(`compiled binary: SKIPPED as ${behind}`, () => {});
  return all.filter(({ name }) => name === "source");
}

/** How a server ended. */
export interface ServeEnd {
  readonly code: number;
  readonly signal: string | null;
  /** All it wrote to standard error. */
  readonly errors: string;
}

/** A server under way, killed when `await using` ends and it still runs. */
export class PackflowServe {
  readonly ended: Promise<ServeEnd>;
  readonly #child: Deno.ChildProcess;
  #errors = "";
  #heard: (() => void) | undefined;
  #url = "";

  private constructor(program: Program, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.#child = new Deno.Command(program.path, {
      args: [...program.args, "serve", ...args, "--port", "0"],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      env: { NO_COLOR: "1", ...env },
    }).spawn();
    const errors = this.#readErrors();
    this.ended = this.#child.status.then(async ({ code, signal }) => {
      await errors;
      return { code, signal, errors: this.#errors };
    });
  }

  /** Starts `packflow serve ARGS` at a port that is free; resolves when that is open. */
  static async listening(
    program: Program,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<PackflowServe> {
    const server = new PackflowServe(program, args, env);
    server.#url = await server.#hears(/https?:\/\/[\w.:[\]]+:\d+/);
    return server;
  }

  /** Starts a server and waits until its models are loaded. */
  static async ready(
    program: Program,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<PackflowServe> {
    const server = await PackflowServe.listening(program, args, env);
    await server.until("/v2/health/ready", 200);
    return server;
  }

  /** Such as "http://127.0.0.1:8080". */
  get url(): string {
    return this.#url;
  }

  get port(): number {
    return Number(new URL(this.#url).port);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Sends a body, JSON unless said otherwise. */
  async post(path: string, body: string, type = "application/json"): Promise<Answer> {
    const response = await fetch(this.#url + path, {
      method: "POST",
      body,
      headers: { "content-type": type },
    });
    return { status: response.status, text: await response.text(), headers: response.headers };
  }

  async get(path: string): Promise<Answer> {
    const response = await fetch(this.#url + path);
    return { status: response.status, text: await response.text(), headers: response.headers };
  }

  /** Waits until a path is answered with a status; fails when the server ends before. */
  async until(path: string, status: number): Promise<void> {
    const over = this.ended.then(({ errors }) => Promise.reject(new Error(errors)));
    const seen = eventually(
      `${path} answers ${status}`,
      async () => (await this.get(path)).status === status,
    );
    await Promise.race([seen, over]);
  }

  /** Waits until so many events wait or are worked on. */
  untilPending(count: number): Promise<void> {
    return untilPending(count, async () => (await this.get("/metrics")).text);
  }

  signal(name: Deno.Signal): void {
    this.#child.kill(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // it has ended
    }
    await this.ended;
  }

  /** Waits until standard error has a text, and answers it; rejects if it ends without. */
  async #hears(text: RegExp): Promise<string> {
    for (;;) {
      const found = text.exec(this.#errors);
      if (found !== null) return found[0];
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#heard = resolve;
      await Promise.race([promise, this.ended.then(({ errors }) => Promise.reject(new Error(errors)))]);
    }
  }

  async #readErrors(): Promise<void> {
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      this.#errors += text;
      this.#heard?.();
    }
  }
}

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}
