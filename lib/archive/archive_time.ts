import { PackflowError } from "../base/errors.ts";
import { getEnv } from "../host/env.ts";

/** 1980-01-01, the first moment that zip can say; also the time of every file by default. */
const EARLIEST = 315_532_800;
/** 2107-12-31T23:59:58Z, the last moment that zip can say. */
const LATEST = 4_354_819_198;

/**
 * The time that every file of an archive carries, in seconds since 1970: SOURCE_DATE_EPOCH where it is set, brought
 * into what every format can say, else a constant. Never the clock, so that the same files give the same bytes.
 *
 * @param text The value of SOURCE_DATE_EPOCH.
 * @see https://reproducible-builds.org/specs/source-date-epoch/
 * @throws {PackflowError} usage.invalid_environment
 */
export function archiveTime(text: string | undefined = getEnv("SOURCE_DATE_EPOCH")): number {
  if (text === undefined || text === "") return EARLIEST;
  if (!/^[0-9]{1,20}$/.test(text)) {
    throw new PackflowError(
      "usage.invalid_environment",
      `Cannot use SOURCE_DATE_EPOCH as it must be whole seconds since 1970: current value is ${
        JSON.stringify(text.slice(0, 60))
      }`,
    );
  }
  return Math.min(Math.max(Number(text), EARLIEST), LATEST);
}
