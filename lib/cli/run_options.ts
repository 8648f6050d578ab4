import { PackflowError } from "../base/errors.ts";
import type { Manifest } from "../config/manifest.ts";
import { InvalidArgumentError } from "../deps/commander.ts";
import { availableCores } from "../host/runtime.ts";
import type { SANDBOX_MODES, SandboxOptions } from "../isolate/sandbox.ts";
import type { OnError } from "../records/block.ts";
import type { BlockCutter } from "../records/block_cutter.ts";
import {
  createCutter,
  formatOfPath,
  type InputFormat,
  isGzipPath,
  type OutputFormat,
} from "../records/formats.ts";
import { PartitionCutter } from "../records/partition_cutter.ts";
import { ReplayCutter } from "../records/replay_cutter.ts";
import { replayedRecord } from "../stream/dead_letter.ts";
import { type ErrorLimit, parseErrorLimit } from "../stream/error_limit.ts";
import type { RunStreamOptions } from "../stream/run_options.ts";
import type { DeviceOptions } from "./device_options.ts";
import type { MetricsAddress } from "./run_metrics.ts";
import type { TrustOptions } from "./trust_options.ts";

/** What `packflow run` takes, checked one by one. */
export interface RunOptions extends DeviceOptions, TrustOptions {
  readonly input?: string[] | undefined;
  readonly textColumns?: string[] | undefined;
  readonly keep?: string[] | undefined;
  readonly outputKeys?: string[] | undefined;
  readonly replay?: string | undefined;
  readonly follow?: true | undefined;
  readonly metrics?: MetricsAddress | undefined;
  readonly output: string;
  readonly inputFormat?: InputFormat | undefined;
  readonly outputFormat?: OutputFormat | undefined;
  readonly batchSize?: number | undefined;
  readonly maxWait: number;
  readonly workers?: number | undefined;
  readonly unordered?: true | undefined;
  readonly partitionBy?: string | undefined;
  readonly onError: OnError;
  readonly maxErrors?: ErrorLimit | undefined;
  readonly deadLetter?: string | undefined;
  readonly timeout: number;
  readonly maxEventBytes: number;
  readonly checkpoint?: string | undefined;
  readonly checkpointInterval: number;
  readonly kafkaConfig?: string | undefined;
  readonly summary?: "json" | undefined;
  readonly sandbox: typeof SANDBOX_MODES[number];
  readonly allowNet?: true | string[] | undefined;
  readonly allowEnv?: true | string[] | undefined;
  readonly allowRead?: string[] | undefined;
}

/** The format of the answers: as asked for, else as the output's name tells, which a topic's does not. */
export function outputFormatOf({ outputFormat, output }: RunOptions): OutputFormat {
  return outputFormat ?? (isKafkaAddress(output) ? undefined : formatOfPath(output)) ?? "ndjson";
}

/** Whether an input or output is a topic rather than a file. */
export function isKafkaAddress(address: string | undefined): boolean {
  return address?.startsWith("kafka://") === true;
}

/** Parses `N` or `N%`. */
export function errorLimit(value: string): ErrorLimit {
  const limit = parseErrorLimit(value);
  if (limit !== undefined) return limit;
  throw new InvalidArgumentError("It must be a whole number or a share such as 1%");
}

/** Parses names parted by commas, added to those of the same option before. */
export function names(value: string, before: true | string[] | undefined): string[] {
  return [
    ...before === true || before === undefined ? [] : before,
    ...value.split(",").map((name) => name.trim()),
  ];
}

/** Workers to run: as asked for, or one for each core. */
export function workersOf({ workers }: RunOptions): number {
  return workers ?? availableCores();
}

/** How the project's code is kept in. */
export function sandboxOf(
  { sandbox, allowNet, allowEnv, allowRead }: Pick<
    RunOptions,
    "sandbox" | "allowNet" | "allowEnv" | "allowRead"
  >,
): SandboxOptions {
  return {
    mode: sandbox,
    ...(allowNet === undefined ? {} : { allowNet }),
    ...(allowEnv === undefined ? {} : { allowEnv }),
    ...(allowRead === undefined ? {} : { allowRead }),
  };
}

/**
 * Makes what cuts the input into blocks, where that is not told by its format alone.
 *
 * @param own Makes what the input has for that.
 */
export function cutterOf(options: RunOptions, own?: () => BlockCutter): RunStreamOptions["cutter"] {
  const { replay, partitionBy: field } = options;
  if (replay === undefined && field === undefined && own === undefined) return undefined;
  return (format, cutterOptions) => {
    const cutter = own !== undefined
      ? own()
      : replay === undefined
      ? createCutter(format, { ...cutterOptions, from: 0 })
      : new ReplayCutter(replayedRecord, cutterOptions);
    if (field === undefined) return cutter;
    return new PartitionCutter(cutter, { field, workers: workersOf(options), from: cutterOptions.from });
  };
}

/** The options with what the project's manifest says of its runs where they say nothing. */
export function withRunSettings(options: RunOptions, { batchSize, workers }: Manifest["run"]): RunOptions {
  return {
    ...options,
    batchSize: options.batchSize ?? batchSize,
    workers: options.workers ?? workers,
  };
}

/**
 * The options for a project that keeps state per key: all in one worker, or where the order of answers may change the
 * keys shared out among workers.
 *
 * @throws {PackflowError} `usage.invalid` for several workers that would not share out by the key.
 */
export function withPartition(options: RunOptions, partitionBy: string | undefined): RunOptions {
  if (partitionBy === undefined || options.partitionBy !== undefined) return options;
  if (options.unordered !== undefined) return { ...options, partitionBy };
  if ((options.workers ?? 1) === 1) return { ...options, workers: 1 };
  throw new PackflowError(
    "usage.invalid",
    `Cannot run with ${options.workers} workers in order as the project keeps state per "${partitionBy}"`,
    { remedy: "Add --unordered, which keeps the order per key, or leave --workers out" },
  );
}

/** @throws {PackflowError} `usage.invalid` for options that do not go together. */
export function checkRunOptions(options: RunOptions): void {
  const { input = ["-"], output, replay, follow, checkpoint, partitionBy, unordered } = options;
  const isFile = replay !== undefined || !input.includes("-");
  const refused: [boolean, string][] = [
    [
      replay !== undefined && options.input !== undefined,
      "--replay takes the place of --input: name one of them",
    ],
    [
      partitionBy !== undefined && unordered === undefined,
      "--partition-by keeps order per value only: add --unordered",
    ],
    [follow !== undefined && (!isFile || input.length > 1), "--follow needs one input that is a file"],
    [follow !== undefined && replay !== undefined, "--follow and --replay do not go together"],
    [follow !== undefined && input.some(isGzipPath), "--follow needs an input that is not packed"],
    [checkpoint !== undefined && !isFile, "--checkpoint needs inputs that are files: name them with --input"],
    [
      checkpoint !== undefined && output === "-",
      "--checkpoint needs an output that is a file: name it with --output",
    ],
    [checkpoint !== undefined && isGzipPath(output), "--checkpoint needs an output that is not packed"],
  ];
  for (const [isRefused, reason] of [...refused, ...kafkaRefusals(options)]) {
    if (isRefused) throw new PackflowError("usage.invalid", `Cannot run with these options as ${reason}`);
  }
}

/** What does not go together with topics. */
function kafkaRefusals(options: RunOptions): [boolean, string][] {
  const { input = [], output, inputFormat, deadLetter, checkpoint, follow, replay } = options;
  const reads = input.some(isKafkaAddress);
  const writes = isKafkaAddress(output);
  return [
    [reads && input.length > 1, "an input that is a topic must be the only one"],
    [
      reads && (inputFormat ?? "ndjson") !== "ndjson",
      "the values of a topic are JSON: leave --input-format out",
    ],
    [isKafkaAddress(replay), "--replay needs a file"],
    [reads && follow !== undefined, "a topic is followed as it is: leave --follow out"],
    [
      (reads || writes || isKafkaAddress(deadLetter)) && checkpoint !== undefined,
      "--checkpoint needs files: of a topic the group knows how far it was read",
    ],
    [
      (reads || writes) && outputFormatOf(options) !== "ndjson",
      "answers from a topic or to one are NDJSON: leave --output-format out",
    ],
    [
      reads && (isGzipPath(output) || isGzipPath(deadLetter ?? "")),
      "answers from a topic are added to what the file holds, which must not be packed",
    ],
  ];
}
