import { ERROR_CODES, type ErrorCode } from "../base/error_codes.ts";
import { messageOf, PackflowError } from "../base/errors.ts";

/** Statuses of codes that differ from those of their class. */
const STATUS_OF_CODE: Readonly<Partial<Record<ErrorCode, number>>> = {
  "event.invalid_json": 400,
  "event.invalid_utf8": 400,
  "event.too_large": 413,
  "request.deadline": 504,
  "request.draining": 503,
  "request.forbidden_host": 403,
  "request.method_not_allowed": 405,
  "request.not_found": 404,
  "request.queue_full": 503,
  "request.too_large": 413,
  "request.unauthorized": 401,
  "request.unsupported_media": 415,
  "worker.exited": 502,
  "worker.protocol": 502,
  "worker.timeout": 504,
};

/** The HTTP status that tells an error: 400 and 422 where the request is at fault, 500 and up where we are. */
export function statusOf(code: ErrorCode): number {
  return STATUS_OF_CODE[code] ?? (code.startsWith("request.") ? 400 : code.startsWith("event.") ? 422 : 500);
}

/** The body that tells an error; a library's own words stay out of it. */
export function errorBody(error: PackflowError): string {
  const { code, remedy = ERROR_CODES[code].remedy } = error;
  return JSON.stringify({ error: messageOf(error), code, remedy });
}

/** Any error as one of ours. */
export function asPackflowError(error: unknown): PackflowError {
  if (error instanceof PackflowError) return error;
  return new PackflowError("internal.unexpected", "Cannot answer the request", { cause: error });
}
