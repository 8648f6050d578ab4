import { InferenceBackend } from "../../lib/backend/inference_backend.ts";
import { type JsonObject, kindOf, type Records } from "../../lib/base/json.ts";
import type { BlockOptions } from "../../lib/records/block.ts";
import type { RunStreamOptions } from "../../lib/stream/run_options.ts";
import { runStream } from "../../lib/stream/run_stream.ts";
import type { RunSummary } from "../../lib/stream/run_summary.ts";
import { blockOptions, LocalWorker } from "./local_worker.ts";
import { bytesOf, concat, MemorySink, memorySource, pieces } from "./streams.ts";

/** Answers each event with itself. */
export class Echo extends InferenceBackend {
  override execute(inputs: Records) {
    return inputs;
  }
}

/** What came of a stream. */
export interface EchoRun {
  readonly summary: RunSummary;
  /** The output's lines, each with what it is. */
  readonly lines: readonly string[];
  /** The code of each line's error; undefined for a result. */
  readonly codes: readonly (string | undefined)[];
  /** The dead letters' lines. */
  readonly letters: readonly string[];
}

type More = Partial<Pick<RunStreamOptions, "inputFormat"> & BlockOptions> & { chunkBytes?: number };

/** Runs a stream of bytes through a backend in this process that answers events with themselves; errors are emitted. */
export async function echoRun(
  input: string | Uint8Array,
  { inputFormat = "ndjson", chunkBytes = 4096, ...options }: More = {},
): Promise<EchoRun> {
  const backend = await Echo.create();
  const block = blockOptions({ onError: "emit", batchSize: 4, ...options });
  const sink = new MemorySink();
  const dead = new MemorySink();
  const summary = await runStream({
    source: memorySource(pieces(typeof input === "string" ? bytesOf(input) : input, chunkBytes)),
    sink,
    startWorker: () => new LocalWorker((events) => backend.infer(events), block),
    block,
    inputFormat,
    deadLetter: { sink: dead },
  });
  const lines = linesOf(sink);
  return { summary, lines, codes: lines.map(errorCode), letters: linesOf(dead) };
}

/** The code of the error that a line of output is; undefined for a result. */
export function errorCode(line: string): string | undefined {
  const { error }: { error?: JsonObject } = JSON.parse(line);
  return kindOf(error) === "object" ? String(error?.code) : undefined;
}

function linesOf(sink: MemorySink): string[] {
  // Decoded without `ignoreBOM`, a byte order mark at the beginning would not be seen.
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(concat(...sink.writes));
  return text.split("\n").slice(0, -1);
}

/** Prints what a reliability test found, on one line. */
export function figure(text: string): void {
  console.log(text);
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
