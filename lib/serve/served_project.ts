import { isObject, type JsonValue } from "../base/json.ts";
import { log } from "../base/log.ts";
import { PackflowError } from "../base/errors.ts";
import { type Clock, systemClock } from "../host/clock.ts";
import { readTextFile } from "../host/files.ts";
import { joinPath } from "../host/path.ts";
import { readDescription } from "../isolate/read_description.ts";
import { WorkerProcess } from "../isolate/worker_process.ts";
import { prepareWorkers } from "../isolate/worker_setup.ts";
import { readGoldenEvents } from "../project/golden_events.ts";
import { type OpenedProject, openProject } from "../project/open_package.ts";
import { Dispatcher, type DispatchObserver } from "./dispatcher.ts";
import type { Exchange } from "./exchange.ts";
import { Job, type Outcome, type Payload } from "./job.ts";
import type { JobWorker } from "./job_worker.ts";
import type { ServedModel, ServeOptions } from "./serve_options.ts";

/** A model of the server: what it is, and what answers for it. */
export class ServedProject implements AsyncDisposable {
  readonly name: string;
  readonly version: string;
  readonly #project: OpenedProject;
  readonly #options: ServeOptions;
  readonly #metrics: DispatchObserver;
  readonly #clock: Clock = systemClock;
  #dispatcher: Dispatcher | undefined;
  #model: ServedModel | undefined;

  constructor(
    project: OpenedProject,
    { options, metrics }: { options: ServeOptions; metrics: (name: string) => DispatchObserver },
  ) {
    this.name = project.manifest.name;
    this.version = project.manifest.version;
    this.#project = project;
    this.#options = options;
    this.#metrics = metrics(this.name);
  }

  /** Opens a project or package, without running any of its code. */
  static async open(
    path: string,
    tools: { options: ServeOptions; metrics: (name: string) => DispatchObserver },
  ): Promise<ServedProject> {
    const { trust } = tools.options;
    return new ServedProject(await openProject(path, trust === undefined ? {} : { trust }), tools);
  }

  /** Starts workers; resolves when the model can answer. */
  async load(): Promise<void> {
    const { maxBatch, bodyLimit, sandbox } = this.#options;
    const { folder } = this.#project;
    const setup = await prepareWorkers(folder, {
      sandbox,
      block: { batchSize: maxBatch, onError: "emit", outputFormat: "ndjson", maxEventBytes: bodyLimit },
    });
    if (setup.missing.length > 0) log("warn", `not isolated: ${setup.missing.join("; ")}`);
    const description = Promise.withResolvers<JsonValue>();
    description.promise.catch(() => {});
    const startWorker = (): JobWorker => {
      const worker = WorkerProcess.spawn(setup, { warn: (message) => log("warn", message) });
      worker.ready.then(() => worker.call("describe", null)).then(description.resolve, description.reject);
      return jobWorker(worker, { name: this.name, version: this.version });
    };
    this.#dispatcher = this.#dispatcherOf(startWorker);
    await this.#dispatcher.start();
    this.#model = await this.#describe(readDescription(await description.promise));
  }

  /** What is known of the model; undefined until it is loaded. */
  get model(): ServedModel | undefined {
    return this.#model;
  }

  get isReady(): boolean {
    return this.#model !== undefined && this.#dispatcher?.isReady === true;
  }

  get readyWorkers(): number {
    return this.#dispatcher?.readyWorkers ?? 0;
  }

  get pendingRows(): number {
    return this.#dispatcher?.pendingRows ?? 0;
  }

  /** Has events worked on within the time that is left to a request; `done` is called once. */
  submit(exchange: Exchange, payload: Payload, done: (outcome: Outcome) => void): void {
    const rows = payload.kind === "records" ? payload.ranges.length / 2 : exchange.rows;
    const since = payload.kind === "records" && exchange.response.headersSent
      ? this.#clock.now()
      : exchange.since;
    const job = new Job(payload, { rows, since, deadline: since + this.#options.deadlineMs, done });
    if (this.#dispatcher !== undefined) return this.#dispatcher.add(job);
    job.fail(new PackflowError("request.draining", "Cannot take the request as the model is not loaded yet"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#dispatcher?.close();
    } finally {
      await this.#project[Symbol.asyncDispose]();
    }
  }

  #dispatcherOf(startWorker: () => JobWorker): Dispatcher {
    const { workers, maxBatch, maxWaitMs, maxQueue } = this.#options;
    return new Dispatcher({
      startWorker,
      workers,
      maxBatch,
      maxWaitMs,
      maxQueue,
      clock: this.#clock,
      observer: this.#metrics,
      warn: (message) => log("warn", `${this.name}: ${message}`),
    });
  }

  async #describe(description: Pick<ServedModel, "inputs" | "outputs" | "device">): Promise<ServedModel> {
    const { name, version } = this;
    const { folder, manifest } = this.#project;
    const sample = (await readGoldenEvents(folder))[0]?.input ?? await firstEvent(folder);
    return {
      name,
      version,
      platform: "packflow",
      description: manifest.description,
      ...description,
      ...(sample === undefined ? {} : { sample }),
    };
  }
}

function jobWorker(worker: WorkerProcess, model: { name: string; version: string }): JobWorker {
  return {
    ready: worker.ready,
    exited: worker.exited,
    process: (block) => worker.process(block),
    infer: (requests) => worker.infer(requests, model),
    kill: () => worker.kill(),
    close: () => worker.close(),
  };
}

/** The first event of a project's `events.ndjson`; undefined where there is none that can be read. */
async function firstEvent(folder: string): Promise<ServedModel["sample"]> {
  try {
    const [line = ""] = (await readTextFile(joinPath(folder, "events.ndjson"))).split("\n", 1);
    const event: ServedModel["sample"] = JSON.parse(line);
    return isObject(event) ? event : undefined;
  } catch {
    // It is only an example.
    return undefined;
  }
}
