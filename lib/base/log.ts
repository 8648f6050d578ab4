import { getEnv } from "../host/env.ts";
import { writeStderr } from "../host/terminal.ts";

const LEVELS = ["debug", "info", "warn", "error"] as const;

/** How much a log line matters. */
export type LogLevel = typeof LEVELS[number];

let threshold: number | undefined;

/** Writes one line to standard error if `PACKFLOW_LOG_LEVEL` (default `info`) lets its level through. */
export function log(level: LogLevel, message: string): void {
  threshold ??= readThreshold();
  if (LEVELS.indexOf(level) >= threshold) writeStderr(`packflow ${level}: ${message}\n`);
}

function readThreshold(): number {
  const name = getEnv("PACKFLOW_LOG_LEVEL") || "info";
  const level = LEVELS.findIndex((known) => known === name.toLowerCase());
  if (level >= 0) return level;
  writeStderr(
    `packflow warn: PACKFLOW_LOG_LEVEL is "${name}", which is no level; taking "info" (levels: ${
      LEVELS.join(", ")
    })\n`,
  );
  return LEVELS.indexOf("info");
}
