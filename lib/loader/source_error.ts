import type { ErrorCode } from "../base/error_codes.ts";
import { PackflowError } from "../base/errors.ts";
import { lineOf } from "../config/text_position.ts";

/** What is wrong in a file of the project. */
export interface SourceProblem {
  readonly code: ErrorCode;
  readonly message: string;
  /** Relative to the project's folder. */
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly remedy?: string | undefined;
  readonly cause?: unknown;
}

/** An error that shows the line it is about, with a mark under the column. */
export function sourceError(problem: SourceProblem, source: string | undefined): PackflowError {
  const { code, file, line, column, remedy, cause } = problem;
  const shown = source === undefined || line === undefined ? "" : frame(lineOf(source, line), line, column);
  return new PackflowError(code, problem.message + shown, {
    cause,
    place: { file, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) },
    ...(remedy === undefined ? {} : { remedy }),
  });
}

function frame(text: string, line: number, column: number | undefined): string {
  // A line of minified code would fill the screen and hide the message.
  if (text.length > 200) return "";
  const prefix = `  ${line} | `;
  if (column === undefined) return `\n${prefix}${text}`;
  const gap = text.slice(0, column - 1).replace(/[^\t]/g, " ");
  return `\n${prefix}${text}\n${" ".repeat(prefix.length - 2)}| ${gap}^`;
}
