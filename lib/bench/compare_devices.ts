import { PackflowError } from "../base/errors.ts";
import { type EventRecord, isJsonObject, type JsonObject, type JsonValue } from "../base/json.ts";
import { compareResults } from "../project/compare_results.ts";
import { type BenchWorker, endWorkers, type StartWorkers } from "./bench_worker.ts";

/** Events whose answers are compared; a batch of a size that leaves a rest in most others. */
const COMPARED_EVENTS = 250;
/** With which the others are compared, where it is there: what most models are tested on. */
const REFERENCE_DEVICE = "wasm";

/** What a device answered. */
export interface DeviceAnswers {
  /** Undefined where the project chooses it. */
  readonly device: string | undefined;
  readonly isReference: boolean;
  /** Values that differ from the reference's by more than the tolerance. */
  readonly differing: number;
  /** The largest difference of a number from the reference's: relative above 1, absolute below. */
  readonly largestDifference: number;
  /** Where the first of the differing values is, and what the two are. */
  readonly example?: string;
}

/** A device that cannot run the project here. */
export interface MissingDevice {
  readonly device: string | undefined;
  readonly reason: string;
}

/** What came of all devices. */
export interface Comparison {
  readonly events: number;
  readonly answers: readonly DeviceAnswers[];
  readonly missing: readonly MissingDevice[];
}

/** What to compare, and how. */
export interface CompareOptions {
  readonly events: readonly EventRecord[];
  /** How far numbers may be off: relative above 1, absolute below. */
  readonly tolerance: number;
  readonly startWorkers: StartWorkers;
  /** Whether a device that is not there is an error, as somebody asked for it by name. */
  readonly mustBeThere: boolean;
}

/**
 * Lets every device answer the same events and compares what they say.
 *
 * @throws {PackflowError} Why no device can run the project, or one cannot that must; what an event failed with.
 */
export async function compareDevices(
  devices: readonly (string | undefined)[],
  options: CompareOptions,
): Promise<Comparison> {
  const events = options.events.slice(0, COMPARED_EVENTS);
  const found: { device: string | undefined; results: JsonObject[] }[] = [];
  const missing: { device: string | undefined; error: PackflowError }[] = [];
  for (const device of devices) {
    const results = await answersOf(device, { ...options, events });
    if (!(results instanceof PackflowError)) found.push({ device, results });
    else if (options.mustBeThere) throw results;
    else missing.push({ device, error: results });
  }
  const reference = found.find(({ device }) => device === REFERENCE_DEVICE) ?? found[0];
  if (reference === undefined) throw missing[0]?.error ?? new Error("No device was named");
  return {
    events: events.length,
    missing: missing.map(({ device, error }) => ({ device, reason: error.message })),
    answers: found.map(({ device, results }) => ({
      device,
      isReference: device === reference.device,
      ...differencesOf(reference.results, results, options.tolerance),
    })),
  };
}

/** The answers, or why the device cannot be used. */
async function answersOf(
  device: string | undefined,
  { events, startWorkers }: CompareOptions,
): Promise<JsonObject[] | PackflowError> {
  const workers = await startWorkers({ device, workers: 1, batchSize: events.length });
  try {
    const [worker] = workers;
    if (worker === undefined) return [];
    try {
      await worker.ready;
    } catch (error) {
      if (error instanceof PackflowError) return error;
      throw error;
    }
    return await ask(worker, events);
  } finally {
    await endWorkers(workers);
  }
}

async function ask(worker: BenchWorker, events: readonly EventRecord[]): Promise<JsonObject[]> {
  const answer = await worker.call("infer", [...events]);
  const results = Array.isArray(answer) ? answer.filter(isJsonObject) : [];
  if (results.length === events.length) return results;
  throw new PackflowError(
    "worker.protocol",
    `Cannot read what a worker answered to ${events.length} events`,
  );
}

function differencesOf(
  expected: readonly JsonObject[],
  got: readonly JsonObject[],
  tolerance: number,
): Pick<DeviceAnswers, "differing" | "largestDifference" | "example"> {
  let differing = 0;
  let largestDifference = 0;
  let example: string | undefined;
  for (const [index, result] of expected.entries()) {
    for (const { path, expected: one, got: other } of compareResults(result, got[index] ?? null, 0)) {
      const distance = distanceOf(one, other);
      if (Number.isFinite(distance)) largestDifference = Math.max(largestDifference, distance);
      if (distance <= tolerance) continue;
      differing++;
      example ??= `event ${index + 1}, "${path}": ${shown(one)} and ${shown(other)}`;
    }
  }
  return { differing, largestDifference, ...(example === undefined ? {} : { example }) };
}

function distanceOf(one: JsonValue | undefined, other: JsonValue | undefined): number {
  if (typeof one !== "number" || typeof other !== "number") return Infinity;
  return Math.abs(one - other) / Math.max(1, Math.abs(one), Math.abs(other));
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
