import type { PackflowError } from "../base/errors.ts";
import type { KafkaFigures } from "../kafka/kafka_figures.ts";
import type { RunSummary } from "../stream/run_summary.ts";
import { EXIT, exitCodeOf } from "./exit_code.ts";
import { diagnosticsOf, type Outcome } from "./report.ts";
import { formatCount } from "./text.ts";

/** How a run ended, for people and, with `--summary json`, for programs. */
export function outcomeOf(
  summary: RunSummary,
  { summary: format }: { summary?: "json" | undefined },
  kafka?: KafkaFigures,
): Outcome {
  const { outcome, failure, failed } = summary;
  // Nobody reads the answers any more, as in `packflow run | head`: a quiet end.
  const exitCode = failure !== undefined
    ? exitOfFailure(failure, failed)
    : failed > 0
    ? EXIT.events
    : EXIT.ok;
  if (outcome === "closed" && format === undefined) return { ok: true };
  return {
    ok: exitCode === EXIT.ok,
    exitCode,
    ...(failure === undefined ? {} : { diagnostics: diagnosticsOf(failure) }),
    notes: [format === "json" ? summaryJson(summary, { exitCode, kafka }) : summaryLine(summary)],
  };
}

/** An event that fails ends the run with 3, whatever the code it failed with; a source or sink with its own. */
function exitOfFailure(failure: PackflowError, failed: number): number {
  const code = exitCodeOf(failure);
  return code !== EXIT.unavailable && failed > 0 ? EXIT.events : code;
}

function summaryJson(
  summary: RunSummary,
  { exitCode, kafka }: { exitCode: number; kafka: KafkaFigures | undefined },
): string {
  const { failure, ...counts } = summary;
  return JSON.stringify({
    schema: "packflow.run/1",
    ok: exitCode === EXIT.ok,
    exitCode,
    ...counts,
    ...(kafka === undefined ? {} : { kafka }),
    ...(failure === undefined
      ? {}
      : { failure: { code: failure.code, message: failure.message, ...failure.place } }),
  });
}

function summaryLine(summary: RunSummary): string {
  const { read, written, failed, dead, skipped, unanswered, seconds } = summary;
  const parts = [`${counted(read, "event")} in`, `${counted(written, "answer")} out`];
  if (failed > 0) parts.push(`${formatCount(failed)} failed`);
  if (dead > 0) parts.push(`${formatCount(dead)} in dead letters`);
  if (skipped > 0) parts.push(`${formatCount(skipped)} skipped`);
  if (unanswered > 0) parts.push(`${formatCount(unanswered)} unanswered`);
  const rate = seconds > 0 ? `, ${formatCount(read / seconds)} events/s` : "";
  const drained = summary.outcome === "drained" ? ", stopped by a signal" : "";
  return `${parts.join(", ")} in ${seconds.toFixed(2)} s${rate}${drained}`;
}

/** A number of things, such as "1 event" or "20 events". */
function counted(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? "" : "s"}`;
}
