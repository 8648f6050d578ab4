import { PackflowError } from "../base/errors.ts";
import { getEnv } from "../host/env.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { readTextFile } from "../host/files.ts";
import { availableCores } from "../host/runtime.ts";
import { onStopSignal } from "../host/signals.ts";
import { writeStderr } from "../host/terminal.ts";
import { serve } from "../serve/serve.ts";
import type { ServeOptions, TlsFiles } from "../serve/serve_options.ts";
import type { Outcome } from "./report.ts";
import { type RunOptions, sandboxOf } from "./run_options.ts";
import { trustOf, type TrustOptions } from "./trust_options.ts";

/** What `packflow serve` takes, checked one by one. */
export interface ServeCommandOptions
  extends TrustOptions, Pick<RunOptions, "sandbox" | "allowNet" | "allowEnv" | "allowRead"> {
  readonly host: string;
  readonly port: number;
  readonly workers?: number | undefined;
  readonly batchSize: number;
  readonly maxWait: number;
  readonly maxQueue: number;
  readonly deadline: number;
  readonly maxBody: number;
  readonly drain: number;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly cors?: string | undefined;
  readonly log: ServeOptions["log"];
}

/** Serves projects until a signal stops it, as the options of `packflow serve` say. */
export async function serveProjects(
  paths: readonly string[],
  options: ServeCommandOptions,
): Promise<Outcome> {
  const stop = Promise.withResolvers<void>();
  const unlisten = onStopSignal(() => stop.resolve());
  try {
    const starting = serve(await serveOptionsOf(paths, options), {
      onListen: (url) => writeStderr(`packflow info: listening at ${url}\n`),
    });
    const server = await Promise.race([starting, stop.promise]);
    if (server === undefined) {
      await (await starting).close();
      return { ok: true };
    }
    writeStderr(`packflow info: ready: ${server.models.map(({ name }) => name).join(", ")}\n`);
    await stop.promise;
    await server.close();
  } finally {
    unlisten();
  }
  return { ok: true };
}

async function serveOptionsOf(
  projects: readonly string[],
  options: ServeCommandOptions,
): Promise<ServeOptions> {
  const { host, port, workers, batchSize, maxWait, maxQueue, deadline, maxBody, drain, cors, log } = options;
  const trust = trustOf(options);
  const tls = tlsOf(options);
  const token = await tokenOf(options);
  return {
    projects,
    host,
    port,
    // This process itself needs one.
    workers: workers ?? Math.max(1, availableCores() - 1),
    maxBatch: batchSize,
    maxWaitMs: maxWait,
    maxQueue,
    deadlineMs: deadline,
    bodyLimit: maxBody,
    drainMs: drain,
    sandbox: sandboxOf(options),
    log,
    ...(tls === undefined ? {} : { tls }),
    ...(token === undefined ? {} : { token }),
    ...(cors === undefined ? {} : { cors }),
    ...(trust === undefined ? {} : { trust }),
  };
}

function tlsOf({ tlsCert: cert, tlsKey: key }: ServeCommandOptions): TlsFiles | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return { cert, key };
  throw new PackflowError(
    "usage.invalid",
    "Cannot serve with these options as --tls-cert and --tls-key must be given together",
  );
}

/** Not an option itself: what stands on a command line is for all to see. */
async function tokenOf({ tokenFile }: ServeCommandOptions): Promise<string | undefined> {
  const token = tokenFile === undefined ? getEnv("PACKFLOW_TOKEN") : await readToken(tokenFile);
  if (token === undefined || /^[\x21-\x7e]{8,}$/.test(token)) return token;
  throw new PackflowError(
    "usage.invalid",
    "Cannot serve with this token as it must be 8 or more characters of ASCII without spaces",
  );
}

async function readToken(file: string): Promise<string> {
  try {
    return (await readTextFile(file)).trim();
  } catch (cause) {
    const reason = fileErrorReason(cause);
    throw new PackflowError("usage.invalid", `Cannot read the token from "${file}": ${reason}`, { cause });
  }
}
