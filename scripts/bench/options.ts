import { parseArgs } from "node:util";

/** What to measure. */
export interface BenchOptions {
  readonly rows: number;
  readonly repetitions: number;
  readonly startUpRepetitions: number;
  readonly soakSeconds: number;
  readonly fromSource: boolean;
  readonly long: boolean;
  /** Only where our time goes. */
  readonly profile: boolean;
  /** Only servers. */
  readonly serve: boolean;
  /** Only members of consumer groups. */
  readonly kafka: boolean;
  /** Records of a topic. */
  readonly kafkaRows: number;
  /** Seconds of each load of a server. */
  readonly serveSeconds: number;
  /** Put the figures into docs/performance.md. */
  readonly write: boolean;
}

export const USAGE = `deno task bench [OPTIONS]

Measures Packflow against the Python original, as a server against MLServer and LitServe, and from topic to topic of
Apache Kafka, in one run, and writes docs/performance.md.

  --quick    100,000 events, 3 repetitions; writes nothing
  --long     also 4,000,000 events against 400,000
  --profile  only print the share of our time that each stage takes, one run each
  --serve    only servers
  --kafka    only from topic to topic; needs Java 17 and, for the first time, mvn
  --source   measure from source, though the binary could be compiled
  --write    write docs/performance.md after all, with --quick`;

/**
 * Reads the arguments of `deno task bench`; undefined to ask for help.
 *
 * @throws {TypeError} for an argument it does not know.
 */
export function parseOptions(args: readonly string[]): BenchOptions | undefined {
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: flag,
      long: flag,
      profile: flag,
      serve: flag,
      kafka: flag,
      source: flag,
      write: flag,
      help: flag,
    },
  });
  if (values.help) return undefined;
  const { quick } = values;
  return {
    rows: quick ? 100_000 : 400_000,
    repetitions: quick ? 3 : 5,
    startUpRepetitions: quick ? 5 : 21,
    soakSeconds: quick ? 15 : 120,
    fromSource: values.source,
    long: values.long,
    profile: values.profile,
    serve: values.serve,
    kafka: values.kafka,
    kafkaRows: quick ? 200_000 : 1_000_000,
    serveSeconds: quick ? 2 : 5,
    write: values.write || !quick,
  };
}
