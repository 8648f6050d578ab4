import { PackflowError } from "../base/errors.ts";
import { systemClock } from "../host/clock.ts";
import { resolvePath } from "../host/path.ts";
import type { KafkaFigures } from "../kafka/kafka_figures.ts";
import type { BlockOptions } from "../records/block.ts";
import type { BlockCutter } from "../records/block_cutter.ts";
import { delimiterOf } from "../records/csv_format.ts";
import { type InputFormat, isGzipPath } from "../records/formats.ts";
import { checkKeptFields, parseKeptField } from "../records/kept_fields.ts";
import type { OpenSource } from "../stream/block_reader.ts";
import { readCheckpoint } from "../stream/checkpoint.ts";
import { Checkpointer } from "../stream/checkpointer.ts";
import { openCsvInputs } from "../stream/csv_inputs.ts";
import { followFile } from "../stream/follow_source.ts";
import { gzipSink } from "../stream/gzip_sink.ts";
import { findInputFiles, openInput } from "../stream/input_files.ts";
import type { RunPosition } from "../stream/run_options.ts";
import { openDurableSink, openSink, type Sink } from "../stream/sink.ts";
import { openSource, type Source } from "../stream/source.ts";
import type { RunKeeper } from "./run_keeper.ts";
import { isKafkaAddress, outputFormatOf, type RunOptions } from "./run_options.ts";

/** Most events inferred at once where nobody says. */
const BATCH_SIZE = 256;

/** What a run reads and writes, open, and where in it to begin. */
export interface RunFiles extends AsyncDisposable {
  readonly source: Source;
  readonly moreSources: readonly OpenSource[];
  readonly inputFormat: InputFormat | undefined;
  readonly sink: Sink;
  readonly deadLetters: Sink | undefined;
  readonly keeper: RunKeeper | undefined;
  readonly start: RunPosition | undefined;
  readonly block: BlockOptions;
  /** What cuts the input, where it has something of its own. */
  readonly ownCutter?: (() => BlockCutter) | undefined;
  /** How far the run is in its topic, where it reads one. */
  readonly kafkaFigures?: (() => KafkaFigures) | undefined;
  /** Takes in that the run has been asked to stop. */
  readonly onStop?: (() => void) | undefined;
}

/** Opens what the options name, and goes on from their checkpoint if there is one. */
export async function openRunFiles(options: RunOptions): Promise<RunFiles> {
  const { output, deadLetter, replay, input: named = [] } = options;
  refuseMixedOutput(options);
  const isReplay = replay !== undefined;
  if (!isReplay && named.some(isKafkaAddress)) return await openTopicFiles(options, named);
  const { paths, format } = await findInputFiles(isReplay ? [replay] : options.input ?? ["-"]);
  const inputFormat = isReplay ? "ndjson" : options.inputFormat ?? format;
  const outputs = [output, deadLetter].some(isKafkaAddress)
    ? await openTopicOutputs(options, paths)
    : await openOutputs(options, paths);
  const { start } = outputs;
  const sources = (start?.source ?? 0) === 0 ? paths : paths.slice(start?.source);
  const { csv, ...opened } = await openSources(sources, { options, inputFormat, start });
  return {
    ...outputs,
    ...opened,
    inputFormat,
    block: { ...blockOptionsOf(options), ...(csv === undefined ? {} : { csv }) },
    [Symbol.asyncDispose]: () => outputs.close(),
  };
}

/** A topic as the input. */
async function openTopicFiles(options: RunOptions, inputs: readonly string[]): Promise<RunFiles> {
  const { source, sink, deadLetters, keeper, figures, stop, close } = await openKafka(options, inputs);
  if (source === undefined) throw new PackflowError("internal.unexpected", "Cannot run without an input");
  return {
    source,
    moreSources: [],
    inputFormat: "ndjson",
    sink,
    deadLetters,
    keeper,
    start: undefined,
    block: blockOptionsOf(options),
    ownCutter: () => source.cutter(),
    kafkaFigures: figures,
    onStop: stop,
    [Symbol.asyncDispose]: close,
  };
}

/** Topics as outputs of what is read from files. */
async function openTopicOutputs(options: RunOptions, inputs: readonly string[]): Promise<Outputs> {
  const { sink, deadLetters, keeper, stop, close } = await openKafka(options, inputs);
  return { sink, deadLetters, keeper, start: undefined, onStop: stop, close };
}

async function openKafka(options: RunOptions, inputs: readonly string[]) {
  const { openKafkaFiles } = await import("./run_kafka.ts");
  return await openKafkaFiles(options, inputs);
}

function blockOptionsOf(options: RunOptions): BlockOptions {
  const { batchSize = BATCH_SIZE, onError, maxEventBytes, outputKeys } = options;
  const keep = (options.keep ?? []).map(parseKeptField);
  checkKeptFields(keep, outputKeys);
  return {
    batchSize,
    onError,
    outputFormat: outputFormatOf(options),
    maxEventBytes,
    ...(keep.length === 0 ? {} : { keep }),
    ...(outputKeys === undefined ? {} : { outputKeys }),
  };
}

type Outputs = Pick<RunFiles, "sink" | "deadLetters" | "keeper" | "start" | "onStop"> & {
  readonly close: () => Promise<void>;
};

async function openOutputs(options: RunOptions, inputs: readonly string[]): Promise<Outputs> {
  const { output, deadLetter, checkpoint: file } = options;
  if (file !== undefined) return await openDurableOutputs(options, { file, inputs });
  const plain = await openSink(output, inputs);
  const sink = isGzipPath(output) ? gzipSink(plain) : plain;
  const deadLetters = deadLetter === undefined ? undefined : await openSink(deadLetter, [...inputs, output]);
  return { sink, deadLetters, keeper: undefined, start: undefined, close: () => closeAll(sink, deadLetters) };
}

async function closeAll(sink: Sink, deadLetters: Sink | undefined): Promise<void> {
  await sink.close();
  await deadLetters?.close();
}

/** Dead letters have a place of their own: mixed with the answers, neither could be read. */
function refuseMixedOutput({ output, deadLetter }: RunOptions): void {
  if (deadLetter !== "-" || output !== "-") return;
  throw new PackflowError(
    "usage.invalid",
    "Cannot write dead letters to standard output as the answers go there",
    { remedy: "Name a file for one of them" },
  );
}

async function openDurableOutputs(
  options: RunOptions,
  { file, inputs }: { file: string; inputs: readonly string[] },
): Promise<Outputs> {
  const files = {
    inputs: inputs.map((path) => resolvePath(path)),
    output: resolvePath(options.output),
    deadLetters: options.deadLetter === undefined ? undefined : resolvePath(options.deadLetter),
  };
  const before = await readCheckpoint(file, files);
  const sink = await openDurableSink(files.output, { position: before?.output.position ?? 0, used: inputs });
  const deadLetters = files.deadLetters === undefined ? undefined : await openDurableSink(files.deadLetters, {
    position: before?.deadLetters?.position ?? 0,
    used: [...inputs, files.output],
  });
  const checkpointer = new Checkpointer({
    file,
    inputs: files.inputs,
    sink,
    deadLetters,
    intervalMs: options.checkpointInterval,
    clock: systemClock,
  });
  const keeper: RunKeeper = {
    at: (position) => checkpointer.at(position),
    end: ({ outcome }) => checkpointer.end(outcome === "completed"),
  };
  const close = () => closeAll(sink, deadLetters);
  return { sink, deadLetters, keeper, start: before?.position, close };
}

interface SourceOptions {
  readonly options: RunOptions;
  readonly inputFormat: InputFormat | undefined;
  readonly start: RunPosition | undefined;
}

type Sources = Pick<RunFiles, "source" | "moreSources"> & Pick<BlockOptions, "csv">;

async function openSources(
  [first = "-", ...others]: readonly string[],
  { options, inputFormat, start }: SourceOptions,
): Promise<Sources> {
  const delimiter = delimiterOf(inputFormat);
  const openFirst = () => openAt(first, { options, inputFormat, start });
  const more = others.map((path): OpenSource => () => openInput(path));
  if (delimiter === undefined) return { source: await openFirst(), moreSources: more };
  const { maxEventBytes } = options;
  const { columns, ...inputs } = await openCsvInputs([openFirst, ...more], { delimiter, maxEventBytes });
  const { textColumns = [] } = options;
  const unknown = textColumns.find((name) => !columns.includes(name));
  if (unknown !== undefined && columns.length > 0) {
    throw new PackflowError(
      "usage.invalid",
      `Cannot read column "${unknown}" as text as it must be one of the input's: they are ${
        columns.join(", ")
      }`,
    );
  }
  return { ...inputs, csv: { columns, delimiter, textColumns } };
}

/** The source to begin with: from there on where records can be told apart and counted without what is before. */
async function openAt(path: string, { options, inputFormat, start }: SourceOptions): Promise<Source> {
  const counts = options.replay !== undefined || options.partitionBy !== undefined;
  const offset = inputFormat === "ndjson" && !isGzipPath(path) && !counts ? start?.offset ?? 0 : 0;
  if (options.follow !== undefined) {
    return followFile(path, { offset, clock: systemClock, mustStay: options.checkpoint !== undefined });
  }
  return offset === 0 ? await openInput(path) : await openSource(path, offset);
}
