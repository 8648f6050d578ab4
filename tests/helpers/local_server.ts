/** A server in this very process, at a port of its own. */
import { serve, type ServeOptions, type Server } from "../../lib/serve/serve.ts";
import { untilPending } from "./pending_records.ts";

/** A server, and the lines of its log. */
export interface LocalServer extends AsyncDisposable {
  readonly server: Server;
  readonly log: Record<string, unknown>[];
  /** Asks for a path; what it answers must be read. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Posts a body and reads the answer. */
  post(
    path: string,
    body: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; text: string }>;
  /** Waits until so many events wait or are worked on. */
  untilPending(count: number): Promise<void>;
}

/** Serves projects until the `await using` block ends. */
export async function serveHere(
  projects: readonly string[],
  options: Partial<ServeOptions> = {},
): Promise<LocalServer> {
  const log: Record<string, unknown>[] = [];
  const server = await serve({
    projects,
    host: "127.0.0.1",
    port: 0,
    workers: 1,
    maxBatch: 64,
    maxWaitMs: 0,
    maxQueue: 1000,
    deadlineMs: 30_000,
    bodyLimit: 1024 * 1024,
    drainMs: 10_000,
    sandbox: { mode: "auto" },
    log: "all",
    ...options,
  }, { logLine: (line) => void log.push(JSON.parse(line)) });
  const ask = (path: string, init?: RequestInit) => fetch(server.url + path, init);
  return {
    server,
    log,
    ask,
    async post(path, body, headers = {}) {
      const response = await ask(path, {
        method: "POST",
        body,
        headers: { "content-type": "application/json", ...headers },
      });
      return { status: response.status, text: await response.text() };
    },
    untilPending: (count) => untilPending(count, async () => await (await ask("/metrics")).text()),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
