import type { AppliedSetting } from "../bench/apply_recommendation.ts";
import type { BenchReport } from "../bench/bench_project.ts";
import type { Setting } from "../bench/bench_worker.ts";
import type { Measurement } from "../bench/measure_setting.ts";
import type { Recommendation } from "../bench/recommend.ts";
import type { Diagnostic } from "../base/diagnostic.ts";
import type { JsonObject } from "../base/json.ts";
import type { Machine } from "../host/machine.ts";
import type { Outcome } from "./report.ts";
import { formatBytes, formatCount } from "./text.ts";

/** What is told beside the figures. */
export interface BenchContext {
  readonly name: string;
  readonly machine: Machine;
  /** What was written to the manifest; undefined where nobody asked for that. */
  readonly applied: readonly AppliedSetting[] | undefined;
  /** Path of the page that was written. */
  readonly page: string | undefined;
  readonly isBusy: boolean;
}

/** How measuring ended, for people and programs. */
export function benchOutcome(report: BenchReport, context: BenchContext): Outcome {
  return {
    ok: true,
    diagnostics: differences(report),
    data: asJson(report, context),
    output: [...table(report.measurements), "", ...answerLines(report), ...adviceLines(report, context)],
    notes: notes(report, context),
  };
}

/** A setting in a few words. */
export function settingText({ device, workers, batchSize }: Setting): string {
  const runs = device === undefined ? [] : [device];
  return [...runs, `${workers} worker${workers === 1 ? "" : "s"}`, `batch size ${batchSize}`].join(", ");
}

function table(measurements: readonly Measurement[]): string[] {
  const rows = [
    [
      "device",
      "workers",
      "batch",
      "events/s",
      "p50 ms",
      "p90 ms",
      "p99 ms",
      "us/event",
      "start ms",
      "memory",
    ],
    ...measurements.map((one) => [
      one.device ?? "project's",
      `${one.workers}`,
      `${one.batchSize}`,
      `${formatCount(one.throughput.perSecond)}${one.throughput.isSteady ? "" : "~"}`,
      ...[one.latency.p50, one.latency.p90, one.latency.p99].map(milliseconds),
      milliseconds(1000 * one.latency.p50 / one.batchSize),
      `${Math.round(one.startUp.all)}`,
      one.memory === undefined ? "?" : formatBytes(one.memory),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row.map((cell, at) => at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)).join("  ")
  );
}

function milliseconds(ms: number): string {
  return ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(3);
}

function answerLines({ comparison: { answers, missing, events }, tolerance }: BenchReport): string[] {
  const reference = answers.find(({ isReference }) => isReference)?.device;
  const others = answers.filter(({ isReference }) => !isReference).map((each) =>
    each.differing === 0
      ? `${each.device} answers ${formatCount(events)} events as ${reference} does, within ${tolerance}: ` +
        `the largest difference is ${Number(each.largestDifference.toPrecision(2))}`
      : `${each.device} gives other answers than ${reference}: ${formatCount(each.differing)} values differ`
  );
  return [...others, ...missing.map(({ device, reason }) => `${device} is not measured: ${reason}`)];
}

function adviceLines({ recommended }: BenchReport, { applied }: BenchContext): string[] {
  if (recommended === undefined) return [];
  const { throughput, latency } = recommended;
  const line = (goal: string, { setting, reason }: Recommendation, figure: string) =>
    `for ${goal}: ${settingText(setting)} (${figure}; ${reason})`;
  const rate = `${formatCount(throughput.setting.throughput.perSecond)} events/s`;
  return [
    line("throughput", throughput, rate),
    ...(latency === undefined
      ? []
      : [line("latency", latency, `p99 ${milliseconds(latency.setting.latency.p99)} ms`)]),
    ...(throughput.setting.device === "native"
      ? ["native needs --sandbox off whenever the project runs"]
      : []),
    ...(applied ?? []).map(({ path, value }) => `wrote ${path}: ${JSON.stringify(value)} to packflow.jsonc`),
  ];
}

function notes({ measurements, events }: BenchReport, { isBusy, page }: BenchContext): string[] {
  const unsteady = measurements.filter(({ throughput }) => !throughput.isSteady).length;
  return [
    `measured with ${formatCount(events.count)} events of ${events.name}, over and over`,
    ...(unsteady === 0
      ? []
      : [`~ was still changing when it was measured (${unsteady} of ${measurements.length})`]),
    ...(isBusy ? ["other work kept this machine busy: figures are rough"] : []),
    ...(page === undefined ? [] : [`wrote ${page}`]),
  ];
}

function differences({ comparison: { answers }, tolerance }: BenchReport): Diagnostic[] {
  const reference = answers.find(({ isReference }) => isReference)?.device;
  return answers.filter(({ differing }) => differing > 0).map(({ device, differing, example }) => ({
    severity: "warning",
    code: "check.answers_differ",
    message: `Cannot recommend ${device} as its answers must be those of ${reference} within ${tolerance}: ` +
      `${formatCount(differing)} values differ, the first of ${example}`,
  }));
}

function asJson(report: BenchReport, { name, machine, applied, isBusy }: BenchContext): JsonObject {
  const { comparison, recommended } = report;
  return {
    name,
    machine: { ...machine },
    isBusy,
    events: { ...report.events },
    tolerance: report.tolerance,
    comparedEvents: comparison.events,
    devices: [
      ...comparison.answers.map(({ device, ...answers }) => ({
        device: device ?? null,
        isAvailable: true,
        ...answers,
      })),
      ...comparison.missing.map(({ device, reason }) => ({
        device: device ?? null,
        isAvailable: false,
        reason,
      })),
    ],
    measurements: report.measurements.map(measurementJson),
    recommended: recommended === undefined ? null : {
      throughput: recommendationJson(recommended.throughput),
      latency: recommended.latency === undefined ? null : recommendationJson(recommended.latency),
    },
    applied: applied === undefined
      ? null
      : Object.fromEntries(applied.map(({ path, value }) => [path, value])),
  };
}

function measurementJson({ throughput, latency, startUp, memory, ...setting }: Measurement): JsonObject {
  const { p50, p90, p99, max, samples } = latency;
  const perEvent = (ms: number) => 1000 * ms / setting.batchSize;
  return {
    ...settingJson(setting),
    eventsPerSecond: throughput.perSecond,
    isSteady: throughput.isSteady,
    warmUpMs: throughput.warmUpMs,
    spread: throughput.spread,
    batchLatencyMs: { p50, p90, p99, max, samples },
    eventLatencyUs: { p50: perEvent(p50), p90: perEvent(p90), p99: perEvent(p99) },
    startUpMs: { ...startUp },
    memoryBytes: memory ?? null,
  };
}

function recommendationJson({ setting, reason }: Recommendation): JsonObject {
  return { ...settingJson(setting), reason };
}

function settingJson({ device, workers, batchSize }: Setting): JsonObject {
  return { device: device ?? null, workers, batchSize };
}
