import { type Diagnostic, DiagnosticsError } from "../base/diagnostic.ts";
import { ERROR_CODES, type ErrorCode } from "../base/error_codes.ts";
import { type ErrorPlace, messageOf, PackflowError } from "../base/errors.ts";
import { isObject, type JsonObject } from "../base/json.ts";

/** Longer texts of a worker are cut. */
const MAX_TEXT = 8192;

/** An error as JSON, to go from a worker to the main process. The cause becomes text. */
export function packError(error: unknown): JsonObject {
  if (!(error instanceof PackflowError)) {
    return {
      code: "internal.unexpected",
      message: `Cannot go on in the worker: ${messageOf(error)}`,
      place: {},
      cause: causeOf(error),
    };
  }
  const { code, message, place, remedy, cause } = error;
  return {
    code,
    message,
    place: { ...place },
    ...(remedy === undefined ? {} : { remedy }),
    ...(cause === undefined ? {} : { cause: causeOf(cause) }),
    ...(error instanceof DiagnosticsError
      ? { diagnostics: error.diagnostics.map((each) => ({ ...each })) }
      : {}),
  };
}

/** A project's code may throw what it likes, even what cannot be read. */
function causeOf(cause: unknown): JsonObject {
  try {
    const stack = cause instanceof Error ? cause.stack : undefined;
    return { message: messageOf(cause), stack: typeof stack === "string" ? stack.slice(0, MAX_TEXT) : "" };
  } catch {
    return { message: "something that has no text", stack: "" };
  }
}

/** The error that a worker packed. Nothing of it is taken on trust. */
export function unpackError(packed: unknown): PackflowError {
  const { code, message, remedy, cause, diagnostics, place }: Record<string, unknown> = isObject(packed)
    ? packed
    : {};
  const known = isErrorCode(code) ? code : "internal.unexpected";
  const text = textOf(message) ?? "Cannot read the error of the worker";
  const findings = Array.isArray(diagnostics) ? diagnostics.flatMap((each) => diagnosticOf(each) ?? []) : [];
  if (findings.length > 0) return new DiagnosticsError(known, text, findings);
  const help = textOf(remedy);
  return new PackflowError(known, text, {
    place: placeOf(place),
    ...(help === undefined ? {} : { remedy: help }),
    ...(isObject(cause) ? { cause: causeError(cause) } : {}),
  });
}

/** An error whose stack is that of the worker, which names the project's own files. */
function causeError({ message, stack }: Record<string, unknown>): Error {
  const error = new Error(textOf(message) ?? "");
  error.stack = textOf(stack) ?? "";
  return error;
}

function placeOf(value: unknown): ErrorPlace {
  if (!isObject(value)) return {};
  const place: Record<string, string | number> = {};
  for (const name of ["file", "field", "hook"]) {
    const text = textOf(value[name]);
    if (text !== undefined) place[name] = text;
  }
  for (const name of ["line", "column", "eventIndex"]) {
    const number = value[name];
    if (typeof number === "number" && Number.isSafeInteger(number)) place[name] = number;
  }
  return place;
}

function diagnosticOf(value: unknown): Diagnostic | undefined {
  if (!isObject(value) || !isErrorCode(value.code)) return undefined;
  const { code, severity, remedy } = value;
  const { file, line, column } = placeOf(value);
  const help = textOf(remedy);
  return {
    severity: severity === "warning" ? "warning" : "error",
    code,
    message: textOf(value.message) ?? "",
    ...(help === undefined ? {} : { remedy: help }),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
}

function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(ERROR_CODES, value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value.slice(0, MAX_TEXT) : undefined;
}
