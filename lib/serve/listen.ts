import { messageOf, PackflowError } from "../base/errors.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { readTextFile } from "../host/files.ts";
import {
  type HttpRequest,
  type HttpResponse,
  type HttpServer,
  isKeyOf,
  startHttpServer,
} from "../host/http_server.ts";
import type { ServeOptions, TlsFiles } from "./serve_options.ts";

const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 60_000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_CONNECTIONS = 10_000;

/** Where to listen. */
export type Address = Pick<ServeOptions, "host" | "port" | "tls">;

/**
 * Opens the port.
 *
 * @throws {PackflowError} `serve.listen_failed`, `serve.tls_invalid`.
 */
export async function listen(
  options: Address,
  onRequest: (request: HttpRequest, response: HttpResponse) => void,
): Promise<HttpServer> {
  const { host, port } = options;
  const tls = options.tls === undefined ? undefined : await readTls(options.tls);
  try {
    return await startHttpServer({
      host,
      port,
      ...(tls === undefined ? {} : { tls }),
      headersTimeoutMs: HEADERS_TIMEOUT_MS,
      keepAliveMs: KEEP_ALIVE_MS,
      maxHeaderBytes: MAX_HEADER_BYTES,
      maxConnections: MAX_CONNECTIONS,
      onRequest,
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : fileErrorReason(cause);
    const code = tls !== undefined && !/EADDR|EACCES/.test(reason)
      ? "serve.tls_invalid"
      : "serve.listen_failed";
    throw new PackflowError(code, `Cannot serve at "${host}" port ${port}: ${reason}`, { cause });
  }
}

/** Where a server is, such as "http://127.0.0.1:8080". */
export function urlOf({ host, port, tls }: Address): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return `${tls === undefined ? "http" : "https"}://${name}:${port}`;
}

async function readTls({ cert, key }: TlsFiles): Promise<TlsFiles> {
  const read = async (path: string) => {
    try {
      return await readTextFile(path);
    } catch (cause) {
      throw new PackflowError(
        "serve.tls_invalid",
        `Cannot read "${path}" for TLS: ${fileErrorReason(cause)}`,
        {
          cause,
        },
      );
    }
  };
  const files = { cert: await read(cert), key: await read(key) };
  let reason = "the key is not that of the certificate";
  try {
    if (isKeyOf(files.cert, files.key)) return files;
  } catch (error) {
    reason = messageOf(error);
  }
  throw new PackflowError("serve.tls_invalid", `Cannot serve with "${cert}" and "${key}" for TLS: ${reason}`);
}
