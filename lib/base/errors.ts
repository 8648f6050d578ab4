import type { ErrorCode } from "./error_codes.ts";

/** Where an error is: a place in a file, an event in a batch, a field in an event. */
export interface ErrorPlace {
  /** Path or URL of the file. */
  readonly file?: string;
  /** Line, counted from 1. */
  readonly line?: number;
  /** Column, counted from 1. */
  readonly column?: number;
  /** Index of the event in its batch, counted from 0. */
  readonly eventIndex?: number;
  /** Path of the field inside the event or the configuration, such as `source.ip`. */
  readonly field?: string;
  /** The backend's hook that was running. */
  readonly hook?: string;
}

/** What a {@linkcode PackflowError} carries beside its message. */
export interface PackflowErrorOptions {
  /** The error this one wraps. */
  readonly cause?: unknown;
  /** Where it happened. */
  readonly place?: ErrorPlace;
  /** How to mend it here; by default the code's general remedy applies. */
  readonly remedy?: string;
}

/**
 * The error of everything Packflow can refuse: a stable {@linkcode code}, the cause kept, the place, the remedy.
 *
 * @example
 * ```ts
 * import { PackflowError } from "packflow";
 *
 * try {
 *   throw new PackflowError("config.invalid", 'Cannot read "verbose" as it must be a boolean: current value is 1');
 * } catch (error) {
 *   if (error instanceof PackflowError && error.code === "config.invalid") console.error(error.message);
 * }
 * ```
 */
export class PackflowError extends Error {
  /** The class's name, also where the program is minified. */
  override readonly name = "PackflowError";
  /** Stable, for programs: messages may change, codes do not. */
  readonly code: ErrorCode;
  /** Where it happened, as far as known. */
  readonly place: ErrorPlace;
  /** How to mend it, when this case allows saying more than the code does. */
  readonly remedy: string | undefined;

  /**
   * Makes the error; `throw` it.
   *
   * @param code One of the codes of `packflow explain`.
   * @param message What cannot be done, why, and the current value; no final full stop.
   * @param options Cause, place and remedy.
   */
  constructor(code: ErrorCode, message: string, options: PackflowErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.place = options.place ?? {};
    this.remedy = options.remedy;
  }

  /** The same error with more known of its place; what was known before stays. */
  at(place: ErrorPlace): PackflowError {
    return new PackflowError(this.code, this.message, {
      cause: this.cause,
      place: { ...place, ...this.place },
      ...(this.remedy === undefined ? {} : { remedy: this.remedy }),
    });
  }
}

/** A place as people and editors read it, "file:line:column" as far as known; empty where there is no file. */
export function placeText({ file, line, column }: ErrorPlace): string {
  if (file === undefined) return "";
  return [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(":");
}

/** An error's message, followed by where in the project's code it was thrown if that is known. */
export function messageWithPlace(error: PackflowError): string {
  const place = placeText(error.place);
  return place === "" ? messageOf(error) : `${messageOf(error)} (${place})`;
}

/** The error that came first, where freeing something failed after it. */
export function firstError(error: unknown): unknown {
  return error instanceof SuppressedError ? firstError(error.suppressed) : error;
}

/** The message of anything that was thrown, cut after 500 characters. */
export function messageOf(error: unknown): string {
  const message = issuesOf(error) ??
    (error instanceof Error ? textOf(error.message || error.name) : textOf(error));
  if (message.length <= 500) return message;
  // no half of a character that takes two code units
  const end = message.slice(0, 500).isWellFormed() ? 500 : 499;
  return `${message.slice(0, end)}…`;
}

/** What zod refused, field by field: its errors' own message is JSON on many lines. */
function issuesOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== "ZodError") return undefined;
  const issues: unknown = Reflect.get(error, "issues");
  if (!Array.isArray(issues) || issues.length === 0) return undefined;
  return issues.map((issue: unknown) => {
    const { path, message } = Object(issue);
    const field = Array.isArray(path) ? path.map(textOf).join(".") : "";
    return field === "" ? textOf(message) : `"${field}": ${textOf(message)}`;
  }).join("; ");
}

/** User code may throw anything, also what has no text, such as an object without a prototype. */
function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return "a value without text";
  }
}
