import { InvalidArgumentError } from "../deps/commander.ts";
import { writeStderr } from "../host/terminal.ts";
import type { RunMetrics } from "../serve/run_metrics.ts";

/** Where a run serves its figures. */
export interface MetricsAddress {
  readonly host: string;
  readonly port: number;
}

/** A run's figures, served until disposed of. */
export interface ServedMetrics extends AsyncDisposable {
  readonly figures: RunMetrics;
}

const MOST_PORT = 65_535;

/** Parses what `--metrics` takes: `HOST:PORT`, or a port of this machine alone. */
export function metricsAddress(value: string): MetricsAddress {
  const [, bracketed, plain, digits] =
    /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]/]+))?:)?(\d{1,5})$/.exec(value) ??
      [];
  const port = Number(digits);
  if (digits !== undefined && port <= MOST_PORT) {
    return { host: bracketed ?? plain ?? "127.0.0.1", port };
  }
  throw new InvalidArgumentError(`It must be HOST:PORT with a port of at most ${MOST_PORT}, or PORT`);
}

/**
 * Serves the figures of a project's run where `--metrics` says; undefined where it does not.
 *
 * @throws {PackflowError} `serve.listen_failed`.
 */
export async function openRunMetrics(
  address: MetricsAddress | undefined,
  model: string,
): Promise<ServedMetrics | undefined> {
  if (address === undefined) return undefined;
  const [{ RunMetrics }, { serveMetrics }] = await Promise.all([
    import("../serve/run_metrics.ts"),
    import("../serve/metrics_server.ts"),
  ]);
  const figures = new RunMetrics(model);
  const server = await serveMetrics(figures, address);
  writeStderr(`packflow info: metrics at ${server.url}/metrics\n`);
  return { figures, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
