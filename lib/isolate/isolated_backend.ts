import { PackflowError } from "../base/errors.ts";
import { type EventRecord, isJsonObject, type JsonObject, type JsonValue } from "../base/json.ts";
import { type Clock, systemClock } from "../host/clock.ts";
import { log } from "../base/log.ts";
import type { DeviceNote } from "../onnx/device_notes.ts";
import type { ModelOptions } from "../onnx/devices.ts";
import type { BackendDescription } from "../oip/describe.ts";
import { readDescription } from "./read_description.ts";
import type { SandboxOptions } from "./sandbox.ts";
import { WorkerProcess } from "./worker_process.ts";
import { prepareWorkers } from "./worker_setup.ts";

/** How to open a backend in a process of its own. */
export interface IsolatedBackendOptions {
  readonly sandbox?: SandboxOptions;
  /** Options of the backend that win over the manifest's. */
  readonly config?: JsonObject;
  /** How to run models, whatever the manifest and the project's code say. */
  readonly models?: ModelOptions;
  /** Takes what is noted of the device that a model runs on; warnings go to the log when left out. */
  readonly note?: (note: DeviceNote) => void;
  /** Milliseconds that loading, and then each call, may take. */
  readonly timeout?: number;
  readonly clock?: Clock;
}

/** A project's backend in a worker process, for checks: a few events at a time, as JSON. */
export interface IsolatedBackend {
  /** The results of a batch, one per event, as a reader of the output stream gets them. */
  infer(events: readonly EventRecord[]): Promise<JsonObject[]>;
  /** The result of an event on its own. */
  inferSingle(event: EventRecord): Promise<JsonObject>;
  /** Checks the backend's promises on a batch. */
  checkIo(events: readonly EventRecord[]): Promise<void>;
  /** What the backend says of itself. */
  describe(): Promise<BackendDescription>;
  /** Has a backend that keeps state between events forget it. */
  reset(): Promise<void>;
  /** Disposes of the backend and ends its process. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A check that takes longer hangs. */
const TIMEOUT_MS = 120_000;

/**
 * Opens a project's backend in a worker process, kept in as the options say.
 *
 * @param folder The project's folder.
 * @throws {PackflowError} What loading throws, or `worker.*`.
 */
export async function openIsolatedBackend(
  folder: string,
  options: IsolatedBackendOptions = {},
): Promise<IsolatedBackend> {
  const { sandbox = { mode: "auto" }, config, models = {}, timeout = TIMEOUT_MS, clock = systemClock } =
    options;
  const { note = logWarning } = options;
  const setup = await prepareWorkers(folder, {
    sandbox,
    models,
    ...(config === undefined ? {} : { config }),
  });
  if (setup.missing.length > 0) log("warn", `not isolated: ${setup.missing.join("; ")}`);
  const worker = WorkerProcess.spawn(setup, { clock, note, warn: (message) => log("warn", message) });
  const inTime = <T>(work: Promise<T>): Promise<T> => {
    const cancel = clock.after(timeout, () =>
      worker.kill(
        new PackflowError("worker.timeout", `Cannot wait longer than ${timeout} ms for the project's code`),
      ));
    return work.finally(cancel);
  };
  await inTime(worker.ready);
  return {
    infer: async (events) => resultsOf(await inTime(worker.call("infer", [...events])), events.length),
    inferSingle: async (event) => resultOf(await inTime(worker.call("infer", event))),
    checkIo: async (events) => {
      await inTime(worker.call("checkIo", [...events]));
    },
    describe: async () => readDescription(await inTime(worker.call("describe", null))),
    reset: async () => {
      await inTime(worker.call("reset", null));
    },
    close: () => inTime(worker.close()),
    [Symbol.asyncDispose]: () => inTime(worker.close()),
  };
}

function logWarning({ level, message }: DeviceNote): void {
  if (level === "warn") log("warn", message);
}

function resultsOf(answer: JsonValue, events: number): JsonObject[] {
  if (Array.isArray(answer) && answer.length === events) return answer.map(resultOf);
  throw new PackflowError("worker.protocol", `Cannot read what a worker answered to ${events} events`);
}

function resultOf(answer: JsonValue): JsonObject {
  if (isJsonObject(answer)) return answer;
  throw new PackflowError("worker.protocol", "Cannot read what a worker answered to an event");
}
