import type { Diagnostic } from "../base/diagnostic.ts";
import { DiagnosticsError } from "../base/diagnostic.ts";
import { ERROR_CODES } from "../base/error_codes.ts";
import { messageOf, PackflowError, placeText } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import { getEnv } from "../host/env.ts";
import { stderrIsTerminal, writeStderr } from "../host/terminal.ts";
import { EXIT, exitCodeOf } from "./exit_code.ts";
import { isUnread, print } from "./print.ts";

/** Codes whose explanation says nothing that the report does not: wrong usage leads to --help. */
const EXPLAINS_ITSELF = /^(?:usage|internal)\.|^sink\.closed$/;

/** How a command ended, for people and for machines. */
export interface Outcome {
  /** Whether the command did what it was asked; false gives exit code 1 unless `exitCode` says otherwise. */
  readonly ok: boolean;
  readonly exitCode?: number;
  readonly diagnostics?: readonly Diagnostic[];
  /** What `--json` prints beside `schema`, `ok` and `diagnostics`. */
  readonly data?: JsonObject;
  /** Lines of data for people, on standard output. */
  readonly output?: readonly string[];
  /** Lines of talk for people, on standard error. */
  readonly notes?: readonly string[];
}

/** Says how a command ended: data on standard output, talk on standard error. The only place with colour. */
export class Report {
  readonly #command: string;
  readonly #json: boolean;

  constructor(command: string, json: boolean) {
    this.#command = command;
    this.#json = json;
  }

  /** Reports an outcome; returns the exit code. */
  outcome(outcome: Outcome): number {
    try {
      this.#say(outcome);
    } catch (error) {
      // Whoever read the output has seen enough: that changes nothing of how the command ended.
      if (!isUnread(error)) throw error;
    }
    return outcome.exitCode ?? (outcome.ok ? EXIT.ok : EXIT.failed);
  }

  #say({ ok, diagnostics = [], data = {}, output = [], notes = [] }: Outcome): void {
    if (this.#json) return this.#printJson(ok, diagnostics, data);
    tell(diagnostics);
    for (const line of output) print(`${line}\n`);
    for (const line of notes) writeStderr(`${line}\n`);
  }

  /** Reports an error that ended the command; returns the exit code. */
  error(error: unknown): number {
    const diagnostics = diagnosticsOf(error);
    if (!this.#json || !this.#tryPrintJson(diagnostics)) tell(diagnostics);
    return exitCodeOf(error);
  }

  /** Whether the error could be told on standard output, which may be what failed. */
  #tryPrintJson(diagnostics: readonly Diagnostic[]): boolean {
    try {
      this.#printJson(false, diagnostics, {});
      return true;
    } catch {
      return false;
    }
  }

  #printJson(ok: boolean, diagnostics: readonly Diagnostic[], data: JsonObject): void {
    const head = { schema: `packflow.${this.#command}/1`, ok, diagnostics: diagnostics.map(withRemedy) };
    print(`${JSON.stringify({ ...head, ...data })}\n`);
  }
}

/** The findings an error stands for: those it carries, or itself as one. */
export function diagnosticsOf(error: unknown): readonly Diagnostic[] {
  if (error instanceof DiagnosticsError && error.diagnostics.length > 0) return error.diagnostics;
  if (!(error instanceof PackflowError)) {
    return [{ severity: "error", code: "internal.unexpected", message: messageOf(error) }];
  }
  const { file, line, column } = error.place;
  return [{
    severity: "error",
    code: error.code,
    message: error.message,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  }];
}

/** A finding as people read it: what, code, where, how to mend it. */
export function formatDiagnostic(diagnostic: Diagnostic, inColour: boolean): string {
  const paint = (style: string, text: string) => inColour ? `\x1b[${style}m${text}\x1b[0m` : text;
  const { severity, code, message, remedy } = withRemedy(diagnostic);
  const label = severity === "error" ? paint("31;1", "error") : paint("33;1", "warning");
  const place = placeText(diagnostic).replace(
    /^-(?=:|$)/,
    code.startsWith("sink.") ? "standard output" : "standard input",
  );
  const at = place === "" ? "" : `\n  at ${paint("36", place)}`;
  return `${label} ${message} ${paint("2", `[${code}]`)}${at}\n  ${paint("2", "help:")} ${remedy}\n`;
}

/** Every finding says how to mend it, if only in general. */
function withRemedy(diagnostic: Diagnostic): Diagnostic & { readonly remedy: string } {
  return { ...diagnostic, remedy: diagnostic.remedy ?? ERROR_CODES[diagnostic.code].remedy };
}

/** Whether talk is in colour: on a terminal, unless `NO_COLOR` holds anything. */
export function wantsColour(isTerminal: boolean, noColor: string | undefined): boolean {
  return isTerminal && (noColor ?? "") === "";
}

/** Where to read more about the errors, told once below them; "" where there is no more to read. */
export function furtherHelp(diagnostics: readonly Diagnostic[], inColour: boolean): string {
  const codes = diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);
  const explained = new Set(codes.filter((code) => !EXPLAINS_ITSELF.test(code)));
  if (explained.size === 0) return "";
  const [first] = explained;
  const command = `packflow explain ${explained.size === 1 ? first : "CODE"}`;
  return `  ${inColour ? "\x1b[2mmore:\x1b[0m" : "more:"} ${command}\n`;
}

function tell(diagnostics: readonly Diagnostic[]): void {
  const inColour = wantsColour(stderrIsTerminal(), getEnv("NO_COLOR"));
  for (const diagnostic of diagnostics) writeStderr(formatDiagnostic(diagnostic, inColour));
  writeStderr(furtherHelp(diagnostics, inColour));
}
