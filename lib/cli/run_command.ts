import { withSandboxOptions } from "./sandbox_options.ts";
import { Command, Option } from "../deps/commander.ts";
import { ON_ERROR } from "../records/block.ts";
import { INPUT_FORMATS, OUTPUT_FORMATS } from "../records/formats.ts";
import type { Finish } from "./commands.ts";
import { withDeviceOptions } from "./device_options.ts";
import { collect, examples, PROJECT_HELP, wholeNumber } from "./options.ts";
import { metricsAddress } from "./run_metrics.ts";
import { errorLimit, names } from "./run_options.ts";
import { withTrustOptions } from "./trust_options.ts";

/** `packflow run`: streams events through a project's backend. */
export function runCommand(finish: Finish) {
  const command = new Command("run")
    .description(
      "Stream events through a project: one answer per event, in order. Stops at the end of the input.",
    )
    .argument("[PROJECT]", PROJECT_HELP, ".");
  return withTrustOptions(
    withSandboxOptions(
      withSafetyOptions(withDeviceOptions(withSpeedOptions(withProgressOptions(withStreamOptions(command))))),
    ),
  )
    .addHelpText("after", HELP)
    .action(async (path, options) => {
      const { runProject } = await import("./run_project.ts");
      finish(await runProject(path, options));
    });
}

function withStreamOptions<Args extends unknown[], Opts extends Record<never, unknown>>(
  command: Command<Args, Opts>,
) {
  return command
    .optionsGroup("Input and output:")
    .option(
      "-i, --input <FILE>",
      "events to read, also several times; - is standard input, the default; or a topic, kafka://HOST:PORT/TOPIC?group=NAME",
      collect,
    )
    .option(
      "-o, --output <FILE>",
      "where answers go; - is standard output; or a topic, kafka://HOST:PORT/TOPIC",
      "-",
    )
    .addOption(
      new Option("--input-format <FORMAT>", "told by the extension or the first character when left out")
        .choices(INPUT_FORMATS),
    )
    .addOption(
      new Option("--output-format <FORMAT>", "told by the extension when left out, else ndjson").choices(
        OUTPUT_FORMATS,
      ),
    )
    .option("--text-columns <NAMES>", "columns of CSV whose values stay text, whatever they look like", names)
    .option(
      "--keep <FIELDS>",
      "carry these fields of the event into its answer; FIELD=KEY gives one another key",
      names,
    )
    .option("--output-keys <KEYS>", "only these keys of an answer, in this order", names)
    .option(
      "--kafka-config <FILE>",
      "how to be let in by a Kafka cluster; PACKFLOW_KAFKA_CONFIG when left out",
    );
}

function withProgressOptions<Args extends unknown[], Opts extends Record<never, unknown>>(
  command: Command<Args, Opts>,
) {
  return command
    .optionsGroup("Progress:")
    .option("--follow", "go on when the input file grows, until a signal stops the run")
    .option("--replay <FILE>", "read the events that a dead letter file keeps, in the place of --input")
    .option("--checkpoint <FILE>", "note there how far the run is; started again, it goes on from there")
    .option("--checkpoint-interval <MS>", "time between two notes", wholeNumber(0), 1000)
    .option(
      "--metrics <HOST:PORT>",
      "serve figures for Prometheus at /metrics, and /health; a PORT alone is for this machine",
      metricsAddress,
    )
    .addOption(
      new Option("--summary <FORMAT>", "the last line on standard error, for programs").choices(["json"]),
    );
}

function withSpeedOptions<Args extends unknown[], Opts extends Record<never, unknown>>(
  command: Command<Args, Opts>,
) {
  return command
    .optionsGroup("Speed:")
    .option(
      "-b, --batch-size <N>",
      "most events inferred at once; what the project says, or 256, when left out",
      wholeNumber(1),
    )
    .option("--max-wait <MS>", "how long a batch that is not full waits for more input", wholeNumber(0), 0)
    .option(
      "-w, --workers <N>",
      "most processes that infer; what the project says, or one per core, when left out",
      wholeNumber(1),
    )
    .option("--unordered", "write answers as they come")
    .option(
      "--partition-by <FIELD>",
      "events with equal values go to one worker, in order; needs --unordered",
    );
}

function withSafetyOptions<Args extends unknown[], Opts extends Record<never, unknown>>(
  command: Command<Args, Opts>,
) {
  return command
    .optionsGroup("Failures:")
    .addOption(
      new Option(
        "--on-error <POLICY>",
        'a failing event stops the run, is left out, or gives {"error": ...} in its place',
      )
        .choices(ON_ERROR).default("fail" as const),
    )
    .option(
      "--max-errors <N>",
      "stop when more events have failed than that, or than a share such as 1%",
      errorLimit,
    )
    .option("--dead-letter <FILE>", "keep events that fail there, with the reason")
    .option(
      "--timeout <MS>",
      "stop code that does not answer for that long; 0 waits for ever",
      wholeNumber(0),
      0,
    )
    .option("--max-event-bytes <N>", "a longer event is an error", wholeNumber(1), 16 * 1024 * 1024);
}

const HELP = examples(
  "packflow run my-model < events.ndjson > answers.ndjson",
  "packflow run my-model-0.1.0.tar.gz --input events.json --output answers.json",
  "packflow run my-model-0.1.0.tar.gz --require-signature --key release.pub.pem < events.ndjson",
  "packflow run --on-error skip --dead-letter failed.ndjson --input events.ndjson",
  "packflow run --replay failed.ndjson --output answers.ndjson",
  "packflow run --input events.ndjson --output answers.ndjson --checkpoint run.json",
  "packflow run --input 'kafka://broker:9092/events?group=scorers' --output kafka://broker:9092/answers",
) + `

Every event is answered at least once: a run that was killed and goes on from its checkpoint, or from what its
consumer group has committed, loses none. Where input and output are files, in order, none is there twice either.

--timeout counts from when a worker turns to a block of events, which holds about 25 ms of work. A block that takes
longer is tried again in parts with a new worker, so that only an event which takes that long alone fails.

Exit codes:
  0         every event was answered
  2         wrong usage
  3         events failed
  4         the project or model cannot be loaded
  5         the package is not whole, altered, or not signed by a trusted key
  6         input or output cannot be read or written
  130, 143  stopped by a second SIGINT or SIGTERM before all was answered
A reader that leaves (| head) ends the run quietly, with 0.`;
