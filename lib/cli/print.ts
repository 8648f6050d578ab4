import { PackflowError } from "../base/errors.ts";
import { streamFault } from "../host/byte_streams.ts";
import { writeStdout } from "../host/terminal.ts";

/**
 * Prints text on standard output.
 *
 * @throws {PackflowError} `sink.closed` if nobody reads any more, `sink.write_failed`.
 */
export function print(text: string): void {
  try {
    writeStdout(text);
  } catch (cause) {
    const fault = streamFault(cause);
    if (fault === "closed") {
      throw new PackflowError("sink.closed", "Cannot write to standard output as its reader has closed it", {
        cause,
      });
    }
    const reason = fault === "full" ? "there is no space left on its device" : "writing failed";
    throw new PackflowError("sink.write_failed", `Cannot write to standard output as ${reason}`, { cause });
  }
}

/** Whether an error only says that nobody reads the output any more, which is no failure. */
export function isUnread(error: unknown): boolean {
  return error instanceof PackflowError && error.code === "sink.closed";
}
