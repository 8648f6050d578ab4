import { PackflowError } from "../base/errors.ts";
import { equalInConstantTime } from "../host/digest.ts";
import type { HttpRequest } from "../host/http_server.ts";

/** Names by which a server that is bound to this machine alone may be called. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i;

/** Who may ask. */
export interface GuardOptions {
  /** The address that the server is bound to. */
  readonly host: string;
  readonly token: string | undefined;
}

/** Refuses requests by their headers, before anything else is done with them. */
export class Guard {
  readonly #isLoopback: boolean;
  readonly #token: string | undefined;
  /** Values of Host that were right, which need not be looked at again. */
  readonly #trusted = new Set<string>();

  constructor({ host, token }: GuardOptions) {
    this.#isLoopback = LOOPBACK_HOST.test(host);
    this.#token = token;
  }

  /** A page of some site may have its name lead to this machine: then it is the Host that tells it apart. */
  checkHost({ headers: { host = "" }, rawHeaders }: HttpRequest): void {
    // Of several Hosts another server may have gone by another one.
    if (countOf("host", rawHeaders) > 1) {
      throw new PackflowError("request.invalid", "Cannot answer the request as it must have one Host alone");
    }
    if (!this.#isLoopback || this.#trusted.has(host)) return;
    if (!LOOPBACK.test(host)) {
      throw new PackflowError(
        "request.forbidden_host",
        "Cannot answer the request as its Host must be this machine: the server is bound to it alone",
      );
    }
    if (this.#trusted.size < 16) this.#trusted.add(host);
  }

  /** Compares the token without telling by the time it takes how much of it is right. */
  checkToken({ headers: { authorization = "" } }: HttpRequest): void {
    if (this.#token === undefined) return;
    const [, given = ""] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (equalInConstantTime(given, this.#token)) return;
    throw new PackflowError(
      "request.unauthorized",
      "Cannot answer the request as it must bear the server's token",
    );
  }
}

/** How often a header stands among names and values in turn. */
function countOf(name: string, rawHeaders: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const each = rawHeaders[at];
    if (each?.length === name.length && each.toLowerCase() === name) count++;
  }
  return count;
}
