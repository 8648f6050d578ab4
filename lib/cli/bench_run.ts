import { type AppliedSetting, applyRecommendation } from "../bench/apply_recommendation.ts";
import { readBenchEvents } from "../bench/bench_events.ts";
import { benchProject, type BenchReport } from "../bench/bench_project.ts";
import type { StartWorkers } from "../bench/bench_worker.ts";
import { benchBlock } from "../bench/measure_setting.ts";
import { PackflowError } from "../base/errors.ts";
import { log } from "../base/log.ts";
import { parseBackendReference } from "../config/backend_reference.ts";
import { systemClock } from "../host/clock.ts";
import { describeMachine } from "../host/machine.ts";
import { availableCores } from "../host/runtime.ts";
import { WorkerProcess } from "../isolate/worker_process.ts";
import { hostFacts, type SANDBOX_MODES } from "../isolate/sandbox.ts";
import { prepareWorkers } from "../isolate/worker_setup.ts";
import { type Device, DEVICES } from "../onnx/devices.ts";
import { type OpenedProject, openProject } from "../project/open_package.ts";
import { openSink, type Sink } from "../stream/sink.ts";
import { benchOutcome, settingText } from "./bench_outcome.ts";
import { noteTeller } from "./device_options.ts";
import { Line } from "./progress.ts";
import type { Outcome } from "./report.ts";

/** What `packflow bench` takes, checked one by one. */
export interface BenchCommandOptions {
  readonly input?: string | undefined;
  readonly batchSize: readonly number[];
  readonly workers?: readonly number[] | undefined;
  readonly device?: readonly Device[] | undefined;
  readonly threads?: number | undefined;
  readonly time: number;
  readonly tolerance: number;
  readonly sandbox: typeof SANDBOX_MODES[number];
  readonly apply?: true | undefined;
  readonly report?: string | undefined;
}

/** Load from which on other work makes figures rough. */
const BUSY = 0.5;

/** Measures a project, as the options of `packflow bench` say. */
export async function runBench(path: string, options: BenchCommandOptions): Promise<Outcome> {
  await using project = await openProject(path);
  if (options.apply === true && project.package !== undefined) throw cannotApply(path);
  // a place that cannot be written is better known before minutes of measuring
  const page = options.report === undefined ? undefined : await openPage(options.report);
  const machine = describeMachine();
  const { name } = project.manifest;
  try {
    const report = await measure(project, options);
    const applied = options.apply === true ? await apply(project, report) : undefined;
    if (page !== undefined) {
      const { benchPage } = await import("../bench/bench_page.ts");
      await page.write(
        new TextEncoder().encode(await benchPage(report, { name, machine, date: new Date() })),
      );
    }
    const isBusy = machine.load > BUSY * machine.cores;
    return benchOutcome(report, { name, machine, applied, page: options.report, isBusy });
  } finally {
    await page?.close();
  }
}

function openPage(path: string): Promise<Sink> {
  if (path !== "-") return openSink(path);
  throw new PackflowError(
    "usage.invalid",
    "Cannot write the page to standard output as the figures go there",
    {
      remedy: "Name a file with --report",
    },
  );
}

async function measure(project: OpenedProject, options: BenchCommandOptions): Promise<BenchReport> {
  const events = await readBenchEvents(project.folder, options.input);
  const devices = options.device ?? (await usesModels(project) ? NAMED_DEVICES : [undefined]);
  const line = new Line();
  try {
    return await benchProject({
      events,
      devices,
      mustBeThere: options.device !== undefined,
      workers: options.workers ?? defaultWorkers(project),
      batchSizes: options.batchSize,
      measureMs: options.time,
      tolerance: options.tolerance,
      startWorkers: starter(project.folder, options),
      clock: systemClock,
      onSetting: (setting, done, of) => line.show(`${done + 1} of ${of}: ${settingText(setting)}`),
    });
  } finally {
    line.clear();
  }
}

const NAMED_DEVICES: readonly Device[] = DEVICES.filter((name) => name !== "auto");

/** Whether the project runs a model that a device could be chosen for. */
async function usesModels({ folder, manifest }: OpenedProject): Promise<boolean> {
  if (parseBackendReference(manifest.backend).kind === "builtin") return true;
  const { bundle } = await prepareWorkers(folder, { sandbox: { mode: "auto" } });
  return (await bundle)?.code.includes("openModel") === true;
}

/** One, half the cores and all; where state is kept per key, one does all. */
function defaultWorkers({ manifest: { partitionBy } }: OpenedProject): number[] {
  const cores = availableCores();
  if (partitionBy !== undefined) return [1];
  return [...new Set([1, Math.ceil(cores / 2), cores])].sort((a, b) => a - b);
}

function starter(folder: string, { sandbox, threads }: BenchCommandOptions): StartWorkers {
  const facts = hostFacts();
  const told = new Set<string>();
  const warn = (message: string) => {
    if (!told.has(message)) log("warn", message);
    told.add(message);
  };
  const note = noteTeller({});
  return async ({ device, workers, batchSize }) => {
    const models = {
      ...(isDevice(device) ? { device } : {}),
      ...(threads === undefined ? {} : { threads }),
    };
    const setup = await prepareWorkers(folder, {
      sandbox: { mode: sandbox },
      block: benchBlock(batchSize),
      facts,
      models,
    });
    if (setup.missing.length > 0) warn(`not isolated: ${setup.missing.join("; ")}`);
    return Array.from({ length: workers }, () => WorkerProcess.spawn(setup, { warn, note }));
  };
}

function isDevice(name: string | undefined): name is Device {
  return DEVICES.some((device) => device === name);
}

async function apply(project: OpenedProject, report: BenchReport): Promise<AppliedSetting[]> {
  if (report.recommended === undefined) return [];
  return await applyRecommendation(project.folder, {
    setting: report.recommended.throughput.setting,
    hasDevice: parseBackendReference(project.manifest.backend).kind === "builtin",
    mostWorkers: Math.max(...report.measurements.map(({ workers }) => workers)),
  });
}

function cannotApply(path: string): PackflowError {
  return new PackflowError("usage.invalid", `Cannot write settings to "${path}" as a package never changes`, {
    remedy: "Measure the project's folder, then package it again",
  });
}
