import type { EventRecord } from "../base/json.ts";
import type { SandboxOptions } from "../isolate/sandbox.ts";
import type { TensorSpec } from "../oip/describe.ts";
import type { Trust } from "../project/trust.ts";

/** A model that is served. */
export interface ServedModel {
  readonly name: string;
  readonly version: string;
  readonly platform: "packflow";
  /** Of a backend in TypeScript one tensor "event" of BYTES, each the JSON text of an event. */
  readonly inputs: readonly TensorSpec[];
  /** Of a backend in TypeScript one tensor "result" of BYTES, each the JSON text of a result. */
  readonly outputs: readonly TensorSpec[];
  readonly description: string;
  /** An event to try it with: the first golden one, else the first of `events.ndjson`. */
  readonly sample?: EventRecord;
  /** What runs the model, where it is known: "wasm". */
  readonly device?: string;
}

/** Files of the certificate chain and its private key, in PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** A line of the request log: JSON keys and values. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** What to serve, where, and within which bounds. */
export interface ServeOptions {
  /** Folders of projects or packages; each is one model, named as its manifest says. */
  readonly projects: readonly string[];
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Worker processes of each model. */
  readonly workers: number;
  /** Most events that are inferred at once. */
  readonly maxBatch: number;
  /** Milliseconds that a batch which is not full waits for more while a worker is free. */
  readonly maxWaitMs: number;
  /** Most events of a model that wait or are worked on; more are refused with 503. */
  readonly maxQueue: number;
  /** Milliseconds after which a request is answered with 504 and its work dropped. */
  readonly deadlineMs: number;
  /** Most bytes of a body; of NDJSON, which is read as a stream, of one event. */
  readonly bodyLimit: number;
  readonly tls?: TlsFiles;
  /** What `Authorization: Bearer` must say; health checks need none. */
  readonly token?: string;
  /** The origin that browsers may call from, or "*". */
  readonly cors?: string;
  readonly trust?: Trust;
  readonly sandbox: SandboxOptions;
  /** Milliseconds that requests under way have to end after `close` is called. */
  readonly drainMs: number;
  /** Which requests are logged: all, those that failed with 5xx, or none. */
  readonly log: "all" | "errors" | "none";
}

/** Where the server's talk goes. */
export interface ServeHooks {
  /** Takes one line of the log as JSON; standard error when left out. */
  readonly logLine?: (line: string) => void;
  /** Called once the port is open, before the models are loaded. */
  readonly onListen?: (url: string) => void;
}

/** A server that answers. */
export interface Server {
  /** Such as "http://127.0.0.1:8080". */
  readonly url: string;
  readonly models: readonly ServedModel[];
  /** Makes readiness false, lets requests under way end, then stops workers and closes the port. */
  close(): Promise<void>;
  /** Resolves when it has closed, for whatever reason. */
  readonly drained: Promise<void>;
}
