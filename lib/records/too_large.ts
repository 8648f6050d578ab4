import type { ErrorCode } from "../base/error_codes.ts";

/** The fault of a record over the size limit; it is not kept. */
export function tooLargeFault(
  bytes: number,
  maxEventBytes: number,
): { code: ErrorCode; message: string; bytes: number } {
  return {
    code: "event.too_large",
    message:
      `Cannot read event as it must have at most ${maxEventBytes} bytes: current size is ${bytes} bytes`,
    bytes,
  };
}
