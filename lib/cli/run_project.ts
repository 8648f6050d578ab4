import { log } from "../base/log.ts";
import { onStopSignal } from "../host/signals.ts";
import { WorkerProcess } from "../isolate/worker_process.ts";
import { prepareWorkers, type WorkerSetup } from "../isolate/worker_setup.ts";
import { openProject } from "../project/open_package.ts";
import { runStream } from "../stream/run_stream.ts";
import type { RunSummary } from "../stream/run_summary.ts";
import { modelsOf, noteTeller } from "./device_options.ts";
import { Progress } from "./progress.ts";
import type { Outcome } from "./report.ts";
import { openRunFiles, type RunFiles } from "./run_files.ts";
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
  await using files = await openRunFiles(options);
  const setup = await prepareWorkers(project.folder, {
    sandbox: sandboxOf(options),
    block: files.block,
    models: modelsOf(options),
  });
  if (setup.missing.length > 0) log("warn", `not isolated: ${setup.missing.join("; ")}`);
  const summary = await run(options, { files, setup, digest: project.package?.digest });
  await files.checkpointer?.end(summary.outcome === "completed");
  return outcomeOf(summary, options);
}

interface Prepared {
  readonly files: RunFiles;
  readonly setup: WorkerSetup;
  /** Digest of the package that is run. */
  readonly digest: string | undefined;
}

async function run(options: RunOptions, { files, setup, digest }: Prepared): Promise<RunSummary> {
  const { deadLetters, checkpointer, ...stream } = files;
  const progress = new Progress(files.source.size);
  const note = noteTeller(options);
  const stop = new AbortController();
  const unlisten = onStopSignal(() => stop.abort());
  try {
    return await runStream({
      ...stream,
      startWorker: (block) =>
        WorkerProcess.spawn({ ...setup, block }, { note, warn: (message) => log("warn", message) }),
      workers: workersOf(options),
      unordered: options.unordered === true,
      maxWaitMs: options.maxWait,
      timeoutMs: options.timeout,
      maxErrors: options.maxErrors,
      cutter: cutterOf(options),
      signal: stop.signal,
      onProgress: (at) => progress.show(at),
      ...(deadLetters === undefined
        ? {}
        : { deadLetter: { sink: deadLetters, ...(digest === undefined ? {} : { package: digest }) } }),
      ...(checkpointer === undefined ? {} : { onPosition: (position) => checkpointer.at(position) }),
    });
  } finally {
    unlisten();
    progress.clear();
  }
}
