import assert from "node:assert/strict";
import type { PackflowError } from "../../lib/base/errors.ts";
import type { JsonObject } from "../../lib/base/json.ts";
import { landlockVersion } from "../../lib/host/linux_process.ts";
import { type HostFacts, hostFacts, type SandboxOptions } from "../../lib/isolate/sandbox.ts";
import { type WorkerHooks, WorkerProcess } from "../../lib/isolate/worker_process.ts";
import { prepareWorkers, type WorkerSetup } from "../../lib/isolate/worker_setup.ts";
import { bundleProject } from "../../lib/loader/bundle_project.ts";
import { binary } from "./binary.ts";

/** A way in which workers are started. */
export interface Host {
  readonly name: string;
  readonly facts: HostFacts;
}

/** The ways that this machine has: from source, and as the compiled program where that can be made. */
export async function isolationHosts(): Promise<Host[]> {
  const source = { name: "source", facts: hostFacts() };
  const program = await binary();
  if (typeof program !== "string") return [source];
  const facts = { program, isCompiled: true, os: Deno.build.os, landlock: landlockVersion() };
  return [source, { name: "binary", facts }];
}

/** Prepares workers of a project for a host. */
export async function setupFor(
  folder: string,
  { facts }: Host,
  sandbox: SandboxOptions = { mode: "auto" },
): Promise<WorkerSetup> {
  const block = { batchSize: 4, onError: "emit", outputFormat: "ndjson", maxEventBytes: 1_000_000 } as const;
  const setup = await prepareWorkers(folder, { sandbox, facts, block });
  const { reference } = setup;
  if (!facts.isCompiled || reference.kind === "builtin") return setup;
  // Its own "packflow" lies inside the program, which knows it by that name too.
  const bundle = bundleProject({ folder, entry: reference.module });
  bundle.catch(() => {});
  return { ...setup, bundle };
}

/** What a worker said and how it ended. */
export interface Witness {
  readonly worker: WorkerProcess;
  readonly lines: string[];
  readonly warnings: string[];
  /** Resolves when a line with this text has been printed. */
  printed(text: string): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a worker and does not wait; it is gone when the `await using` block ends. */
export function witness(setup: WorkerSetup, more: WorkerHooks = {}): Witness {
  const lines: string[] = [];
  const warnings: string[] = [];
  const waiting: { text: string; resolve: () => void }[] = [];
  const worker = WorkerProcess.spawn(setup, {
    print(line) {
      lines.push(line);
      for (const { text, resolve } of waiting) if (line.includes(text)) resolve();
    },
    warn: (message) => warnings.push(message),
    ...more,
  });
  return {
    worker,
    lines,
    warnings,
    printed(text) {
      if (lines.some((line) => line.includes(text))) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ text, resolve });
      return Promise.race([
        promise,
        worker.exited.then(({ reason }) => assert.fail(`${reason} before "${text}": ${lines.join("\n")}`)),
      ]);
    },
    async [Symbol.asyncDispose]() {
      worker.kill();
      await worker.exited;
    },
  };
}

/** The result of one event. */
export async function answer(worker: WorkerProcess, event: JsonObject): Promise<JsonObject> {
  const result = await worker.call("infer", event);
  assert.ok(typeof result === "object" && result !== null && !Array.isArray(result));
  return result;
}

/** What a promise is rejected with, as `code: message`. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    (value) => `nothing thrown, got ${Deno.inspect(value)}`,
    (error: PackflowError) => `${error.code}: ${error.message}`,
  );
}
