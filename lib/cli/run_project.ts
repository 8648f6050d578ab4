import { PackflowError } from "../base/errors.ts";
import { log } from "../base/log.ts";
import { onStopSignal } from "../host/signals.ts";
import { stdinIsTerminal, writeStderr } from "../host/terminal.ts";
import { WorkerProcess } from "../isolate/worker_process.ts";
import { prepareWorkers, type WorkerSetup } from "../isolate/worker_setup.ts";
import { openProject } from "../project/open_package.ts";
import type { RunMetrics } from "../serve/run_metrics.ts";
import { runStream } from "../stream/run_stream.ts";
import type { RunSummary } from "../stream/run_summary.ts";
import { modelsOf, noteTeller } from "./device_options.ts";
import { Progress } from "./progress.ts";
import type { Outcome } from "./report.ts";
import { openRunFiles, type RunFiles } from "./run_files.ts";
import { openRunMetrics } from "./run_metrics.ts";
import {
  checkRunOptions,
  cutterOf,
  type RunOptions,
  sandboxOf,
  withPartition,
  withRunSettings,
  workersOf,
} from "./run_options.ts";
import { outcomeOf } from "./run_outcome.ts";
import { trustOf } from "./trust_options.ts";

/** Runs a project on a stream, as the options of `packflow run` say. */
export async function runProject(path: string, asked: RunOptions): Promise<Outcome> {
  checkRunOptions(asked);
  const trust = trustOf(asked);
  await using project = await openProject(path, trust === undefined ? {} : { trust });
  const { run: settings, partitionBy } = project.manifest;
  const options = withRunSettings(withPartition(asked, partitionBy), settings);
  // before the output is opened, which empties it
  await using metrics = await openRunMetrics(options.metrics, project.manifest.name);
  await using files = await openRunFiles(options);
  metrics?.figures.open({ batchSize: files.block.batchSize, kafka: files.kafkaFigures });
  const setup = await prepareWorkers(project.folder, {
    sandbox: sandboxOf(options),
    block: files.block,
    models: modelsOf(options),
  });
  if (setup.missing.length > 0) log("warn", `not isolated: ${setup.missing.join("; ")}`);
  tellWhatIsAwaited(options);
  const prepared = { files, setup, digest: project.package?.digest, metrics: metrics?.figures };
  const summary = await ended(files, await run(options, prepared));
  return outcomeOf(summary, options, files.kafkaFigures?.());
}

/** Notes how far the run came; a run whose end cannot be noted has failed. */
async function ended({ keeper }: RunFiles, summary: RunSummary): Promise<RunSummary> {
  try {
    await keeper?.end(summary);
    return summary;
  } catch (failure) {
    if (!(failure instanceof PackflowError) || summary.failure !== undefined) throw failure;
    return { ...summary, outcome: "failed", failure };
  }
}

/** Whoever names no input on a terminal would wait for answers, and the run for events. */
function tellWhatIsAwaited({ input = ["-"], replay }: RunOptions): void {
  if (replay !== undefined || !input.includes("-") || !stdinIsTerminal()) return;
  writeStderr(
    "Reading events from the terminal: one JSON object a line, Ctrl-D to end; --input reads a file\n",
  );
}

interface Prepared {
  readonly files: RunFiles;
  readonly setup: WorkerSetup;
  /** Digest of the package that is run. */
  readonly digest: string | undefined;
  /** Takes the run's figures in, where somebody may ask for them. */
  readonly metrics: RunMetrics | undefined;
}

async function run(options: RunOptions, { files, setup, digest, metrics }: Prepared): Promise<RunSummary> {
  const { deadLetters, keeper, ownCutter, onStop, ...stream } = files;
  const progress = new Progress(files.source.size);
  const note = noteTeller(options);
  const stop = new AbortController();
  const unlisten = onStopSignal(() => {
    metrics?.stop();
    onStop?.();
    stop.abort();
  });
  try {
    return await runStream({
      ...stream,
      startWorker: (block) => {
        const tell = { note, warn: (message: string) => log("warn", message) };
        const worker = WorkerProcess.spawn({ ...setup, block }, tell);
        return metrics?.worker(worker) ?? worker;
      },
      workers: workersOf(options),
      unordered: options.unordered === true,
      maxWaitMs: options.maxWait,
      timeoutMs: options.timeout,
      maxErrors: options.maxErrors,
      cutter: cutterOf(options, ownCutter),
      signal: stop.signal,
      onProgress: (at) => {
        progress.show(at);
        metrics?.progress(at);
      },
      ...(metrics === undefined ? {} : { onBlock: (block) => metrics.block(block) }),
      ...(deadLetters === undefined
        ? {}
        : { deadLetter: { sink: deadLetters, ...(digest === undefined ? {} : { package: digest }) } }),
      ...(keeper === undefined ? {} : { onPosition: (position) => keeper.at(position) }),
    });
  } finally {
    unlisten();
    progress.clear();
  }
}
