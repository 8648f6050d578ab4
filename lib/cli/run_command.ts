import { PackflowError } from "../base/errors.ts";
import { Command, Option } from "../deps/commander.ts";
import { onStopSignal } from "../host/signals.ts";
import { formatOfPath, INPUT_FORMATS, OUTPUT_FORMATS } from "../records/formats.ts";
import type { RunStreamOptions } from "../stream/run_stream.ts";
import type { RunSummary } from "../stream/run_summary.ts";
import type { Sink } from "../stream/sink.ts";
import type { Finish } from "./commands.ts";
import { EXIT, exitCodeOf } from "./exit_code.ts";
import { examples, PROJECT_HELP, wholeNumber } from "./options.ts";
import { Progress } from "./progress.ts";
import { diagnosticsOf, type Outcome } from "./report.ts";
import { formatCount } from "./text.ts";

/** What `packflow run` takes, checked. */
interface RunOptions {
  readonly input: string;
  readonly output: string;
  readonly inputFormat?: typeof INPUT_FORMATS[number] | undefined;
  readonly outputFormat?: typeof OUTPUT_FORMATS[number] | undefined;
  readonly batchSize: number;
  readonly maxWait: number;
  readonly onError: "fail" | "skip" | "emit";
  readonly deadLetter?: string | undefined;
  readonly maxEventBytes: number;
}

/** `packflow run`: streams events through a project's backend. */
export function runCommand(finish: Finish) {
  return new Command("run")
    .description(
      "Stream events through a project: one answer per event, in order. Stops at the end of the input.",
    )
    .argument("[PROJECT]", PROJECT_HELP, ".")
    .option("-i, --input <FILE>", "events to read; - is standard input", "-")
    .option("-o, --output <FILE>", "where answers go; - is standard output", "-")
    .addOption(
      new Option("--input-format <FORMAT>", "told by the extension or the first character when left out")
        .choices(INPUT_FORMATS),
    )
    .addOption(
      new Option("--output-format <FORMAT>", "told by the extension when left out, else ndjson").choices(
        OUTPUT_FORMATS,
      ),
    )
    .option("-b, --batch-size <N>", "most events inferred at once", wholeNumber(1), 256)
    .option("--max-wait <MS>", "how long a batch that is not full waits for more input", wholeNumber(0), 0)
    .addOption(
      new Option(
        "--on-error <POLICY>",
        'a failing event stops the run, is left out, or gives {"error": ...} in its place',
      )
        .choices(["fail", "skip", "emit"]).default("fail"),
    )
    .option("--dead-letter <FILE>", "keep events that fail there, with the reason")
    .option("--max-event-bytes <N>", "a longer event is an error", wholeNumber(1), 16 * 1024 * 1024)
    .addHelpText("after", HELP)
    .action(async (path, options) => finish(await run(path, options)));
}

const HELP = examples(
  "packflow run my-model < events.ndjson > answers.ndjson",
  "packflow run my-model-0.1.0.tar.gz --input events.json --output answers.json",
  "packflow run --on-error skip --dead-letter failed.ndjson --input events.ndjson",
) + `

Exit codes:
  0  every event was answered          4  the project or model cannot be loaded
  2  wrong usage                       5  the package is not whole, or was altered
  3  events failed                     6  input or output cannot be read or written`;

async function run(path: string, options: RunOptions): Promise<Outcome> {
  const { openProject } = await import("../project/open_package.ts");
  const { loadBackend } = await import("../loader/load_backend.ts");
  const { openSource } = await import("../stream/source.ts");
  const { openSink } = await import("../stream/sink.ts");
  const { runStream } = await import("../stream/run_stream.ts");
  await using project = await openProject(path);
  await using backend = await loadBackend(project.folder);
  const source = await openSource(options.input);
  const sink = await openSink(options.output, [options.input]);
  const buried = await openDeadLetters(options);
  const progress = new Progress(source.size);
  const stop = new AbortController();
  const unlisten = onStopSignal(() => stop.abort());
  try {
    const summary = await runStream({
      source,
      sink,
      infer: (events) => backend.infer(events),
      inputFormat: options.inputFormat ?? formatOfPath(options.input),
      outputFormat: options.outputFormat ?? formatOfPath(options.output) ?? "ndjson",
      batchSize: options.batchSize,
      maxWaitMs: options.maxWait,
      onError: options.onError,
      maxEventBytes: options.maxEventBytes,
      signal: stop.signal,
      onProgress: (at) => progress.show(at),
      ...deadLetterOf(buried, project.package?.digest),
    });
    return outcomeOf(summary);
  } finally {
    unlisten();
    progress.clear();
    await sink.close();
    await buried?.close();
  }
}

function deadLetterOf(
  sink: Sink | undefined,
  digest: string | undefined,
): Pick<RunStreamOptions, "deadLetter"> {
  if (sink === undefined) return {};
  return { deadLetter: { sink, ...(digest === undefined ? {} : { package: digest }) } };
}

/** Dead letters have a place of their own: mixed with the answers, neither could be read. */
async function openDeadLetters({ deadLetter, input, output }: RunOptions): Promise<Sink | undefined> {
  if (deadLetter === undefined) return undefined;
  if (deadLetter === "-" && output === "-") {
    throw new PackflowError(
      "usage.invalid",
      "Cannot write dead letters to standard output as the answers go there",
      { remedy: "Name a file for one of them" },
    );
  }
  const { openSink } = await import("../stream/sink.ts");
  return await openSink(deadLetter, [input, output]);
}

function outcomeOf(summary: RunSummary): Outcome {
  const { outcome, failure, failed } = summary;
  // Nobody reads the answers any more, as in `packflow run | head`: a quiet end.
  if (outcome === "closed") return { ok: true };
  const exitCode = failure !== undefined
    ? exitOfFailure(failure, failed)
    : failed > 0
    ? EXIT.events
    : EXIT.ok;
  return {
    ok: exitCode === EXIT.ok,
    exitCode,
    ...(failure === undefined ? {} : { diagnostics: diagnosticsOf(failure) }),
    notes: [summaryLine(summary)],
  };
}

/** An event that fails ends the run with 3, whatever the code it failed with; a source or sink with its own. */
function exitOfFailure(failure: PackflowError, failed: number): number {
  const code = exitCodeOf(failure);
  return code !== EXIT.unavailable && failed > 0 ? EXIT.events : code;
}

function summaryLine(summary: RunSummary): string {
  const { read, written, failed, dead, skipped, unanswered, seconds } = summary;
  const parts = [`${formatCount(read)} events in`, `${formatCount(written)} answers out`];
  if (failed > 0) parts.push(`${formatCount(failed)} failed`);
  if (dead > 0) parts.push(`${formatCount(dead)} in dead letters`);
  if (skipped > 0) parts.push(`${formatCount(skipped)} skipped`);
  if (unanswered > 0) parts.push(`${formatCount(unanswered)} unanswered`);
  const rate = seconds > 0 ? `, ${formatCount(read / seconds)} events/s` : "";
  const drained = summary.outcome === "drained" ? ", stopped by a signal" : "";
  return `${parts.join(", ")} in ${seconds.toFixed(2)} s${rate}${drained}`;
}
