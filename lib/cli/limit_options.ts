import type { ArchiveLimits } from "../archive/limits.ts";
import type { Command } from "../deps/commander.ts";
import { wholeNumber } from "./options.ts";

/** Options of commands that read packages: how much one may hold. */
export interface LimitOptions {
  readonly maxTotal?: number | undefined;
  readonly maxFile?: number | undefined;
  readonly maxRatio?: number | undefined;
  readonly maxEntries?: number | undefined;
}

/** Adds the options that say how much a package may hold before it is refused. */
export function withLimitOptions<Args extends unknown[], Opts extends Record<never, unknown>>(
  command: Command<Args, Opts>,
) {
  return command
    .optionsGroup("Limits:")
    .option("--max-total <BYTES>", "refuse packages that hold more; 16 GiB when left out", wholeNumber(1))
    .option("--max-file <BYTES>", "refuse packages with a larger file; 8 GiB when left out", wholeNumber(1))
    .option(
      "--max-ratio <N>",
      "refuse packages of which a byte becomes more; 200 when left out",
      wholeNumber(1),
    )
    .option("--max-entries <N>", "refuse packages of more files; 10000 when left out", wholeNumber(1));
}

/** The limits that the options set; the others have their defaults. */
export function limitsOf({ maxTotal, maxFile, maxRatio, maxEntries }: LimitOptions): ArchiveLimits {
  return {
    ...(maxTotal === undefined ? {} : { totalSize: maxTotal }),
    ...(maxFile === undefined ? {} : { fileSize: maxFile }),
    ...(maxRatio === undefined ? {} : { ratio: maxRatio }),
    ...(maxEntries === undefined ? {} : { entries: maxEntries }),
  };
}
