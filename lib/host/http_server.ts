import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** A request, as Node.js knows it: the platform's own server has no time limits. */
export type HttpRequest = IncomingMessage;
/** The answer to a request. */
export type HttpResponse = ServerResponse<IncomingMessage>;

/** Where to listen, and what is too slow or too much. */
export interface HttpServerOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Certificate chain and private key, in PEM. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Milliseconds in which all headers must have come. */
  readonly headersTimeoutMs: number;

  /** Milliseconds that a connection may be idle between two requests. */
  readonly keepAliveMs: number;
  readonly maxHeaderBytes: number;
  readonly maxConnections: number;
  readonly onRequest: (request: HttpRequest, response: HttpResponse) => void;
}

/** A server that listens. */
export interface HttpServer {
  readonly port: number;
  /** Takes no new connections, ends idle ones, and resolves when all are gone. */
  close(): Promise<void>;
  /** Ends every connection at once. */
  cut(): void;
}

/** Listens; rejects with the system's error where it cannot. */
export function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port, tls } = options;
  const limits = {
    headersTimeout: options.headersTimeoutMs,
    keepAliveTimeout: options.keepAliveMs,
    connectionsCheckingInterval: Math.max(100, Math.min(1000, options.headersTimeoutMs / 4)),
    maxHeaderSize: options.maxHeaderBytes,
    requireHostHeader: true,
    insecureHTTPParser: false,
  };
  const server = tls === undefined
    ? createServer(limits, options.onRequest)
    : createTlsServer({ ...limits, ...tls }, options.onRequest);
  server.maxConnections = options.maxConnections;
  const { promise, resolve, reject } = Promise.withResolvers<HttpServer>();
  server.once("error", reject);
  server.listen({ host, port }, () => {
    server.off("error", reject);
    // An error of one connection is no reason to end.
    server.on("error", () => {});
    resolve(controlOf(server));
  });
  return promise;
}

/**
 * Whether a private key is that of a certificate, both in PEM; throws where one of them cannot be read. A server would
 * listen with any, and fail at each connection.
 */
export function isKeyOf(cert: string, key: string): boolean {
  const spki = { type: "spki", format: "pem" } as const;
  const inCertificate = new X509Certificate(cert).publicKey.export(spki);
  return createPublicKey(createPrivateKey(key)).export(spki) === inCertificate;
}

function controlOf(server: Server): HttpServer {
  const address = server.address();
  return {
    port: isAddress(address) ? address.port : 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
    cut: () => server.closeAllConnections(),
  };
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
