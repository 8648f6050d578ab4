import { writeStderr } from "../host/terminal.ts";
import type { Exchange } from "./exchange.ts";
import type { ServeOptions } from "./serve_options.ts";

/** Lines are kept for that long, so that many are one write. */
const DELAY_MS = 100;
const MOST_KEPT = 64 * 1024;

/** Writes a line of JSON for each request, with its id. */
export class RequestLog {
  readonly #which: ServeOptions["log"];
  readonly #writeLine: ((line: string) => void) | undefined;
  #text = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(which: ServeOptions["log"], writeLine?: (line: string) => void) {
    this.#which = which;
    this.#writeLine = writeLine;
  }

  /** Notes a request that was answered. */
  request(exchange: Exchange, ms: number): void {
    const { id, request, response, model, rows, failed, code } = exchange;
    const status = response.statusCode;
    if (this.#which === "none" || (this.#which === "errors" && status < 500)) return;
    this.write({
      level: status >= 500 ? "error" : "info",
      event: "request",
      id,
      method: request.method ?? "",
      path: pathOf(request.url ?? ""),
      status,
      ms: Math.round(ms * 1000) / 1000,
      ...(model === "" ? {} : { model, rows, failed }),
      ...(code === undefined ? {} : { code, error: exchange.error ?? "" }),
    });
  }

  /** Writes one line. */
  write(fields: Readonly<Record<string, string | number>>): void {
    const line = JSON.stringify({ time: new Date().toISOString(), ...fields });
    if (this.#writeLine !== undefined) return this.#writeLine(line);
    this.#text += `${line}\n`;
    if (this.#text.length > MOST_KEPT) return this.flush();
    this.#timer ??= setTimeout(() => this.flush(), DELAY_MS);
  }

  /** Writes what is kept. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#text;
    this.#text = "";
    if (text !== "") writeStderr(text);
  }
}

/** What may be secret in a query stays out of the log. */
function pathOf(url: string): string {
  return url.split("?", 1)[0]?.slice(0, 256) ?? "";
}
