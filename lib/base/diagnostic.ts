import type { ErrorCode } from "./error_codes.ts";
import { type ErrorPlace, PackflowError } from "./errors.ts";

/** One finding of a check: what is wrong, where, how to mend it. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy?: string;
  /** Path of the file, relative to the project's folder. */
  readonly file?: string;
  /** Line, counted from 1. */
  readonly line?: number;
  /** Column, counted from 1. */
  readonly column?: number;
}

/** Several findings thrown as one error, so that every problem is told at once. */
export class DiagnosticsError extends PackflowError {
  readonly diagnostics: readonly Diagnostic[];

  constructor(code: ErrorCode, message: string, diagnostics: readonly Diagnostic[]) {
    const first = diagnostics[0];
    super(code, message, {
      place: {
        ...(first?.file === undefined ? {} : { file: first.file }),
        ...(first?.line === undefined ? {} : { line: first.line }),
        ...(first?.column === undefined ? {} : { column: first.column }),
      },
    });
    this.diagnostics = diagnostics;
  }

  override at(place: ErrorPlace): DiagnosticsError {
    const error = new DiagnosticsError(this.code, this.message, this.diagnostics);
    return Object.assign(error, { place: { ...place, ...this.place } });
  }
}
