import { ERROR_CODES } from "../base/error_codes.ts";
import { PackflowError } from "../base/errors.ts";
import { nearestName } from "../base/nearest_name.ts";
import { Command } from "../deps/commander.ts";
import type { Finish } from "./commands.ts";
import { classOf, ERROR_CLASSES } from "./exit_code.ts";
import { examples } from "./options.ts";
import { wrapped } from "./text.ts";

/** What there is to say about an error code. */
interface Explanation {
  readonly code: string;
  readonly cause: string;
  readonly remedy: string;
  /** Of a command that such an error ends. */
  readonly exitCode: number;
}

/** `packflow explain`: what an error code means, and how to mend it. */
export function explainCommand(finish: Finish) {
  return new Command("explain")
    .description("Explain an error code: its cause, its remedy, its exit code. Without CODE list all.")
    .argument(
      "[CODE]",
      "what a report has in brackets, such as event.missing_field, or a class such as event",
    )
    .option("--json", "print one JSON object")
    .addHelpText("after", examples("packflow explain event.missing_field", "packflow explain"))
    .action((asked) => {
      const codes = explanations(asked);
      finish({
        ok: true,
        data: { codes: codes.map((explanation) => ({ ...explanation })) },
        output: asked === undefined ? list() : codes.flatMap(lines).slice(0, -1),
      });
    });
}

/** @throws {PackflowError} `usage.invalid` for what is neither a code nor a class. */
function explanations(asked: string | undefined): Explanation[] {
  const found = Object.entries(ERROR_CODES).filter(([code]) =>
    asked === undefined || code === asked || classOf(code) === asked
  );
  if (asked !== undefined && found.length === 0) throw unknownCode(asked);
  return found.map(([code, { cause, remedy }]) => {
    const { exitCode } = classFacts(classOf(code));
    return { code, cause, remedy, exitCode };
  });
}

function unknownCode(asked: string): PackflowError {
  const codes = Object.keys(ERROR_CODES);
  const near = nearestName(asked, [...codes, ...Object.keys(ERROR_CLASSES)]) ??
    codes.find((code) => code.endsWith(`.${asked}`));
  return new PackflowError("usage.invalid", `Cannot explain "${asked}" as no error has this code`, {
    remedy: near === undefined
      ? "See packflow explain, which lists all codes"
      : `See packflow explain ${near}`,
  });
}

function classFacts(name: string): { readonly exitCode: number; readonly about: string } {
  const known: Readonly<Record<string, { readonly exitCode: number; readonly about: string }>> =
    ERROR_CLASSES;
  return known[name] ?? ERROR_CLASSES.internal;
}

function lines({ code, cause, remedy, exitCode }: Explanation): string[] {
  return [
    code,
    ...wrapped(cause, "  "),
    ...wrapped(remedy, "        ", "  help: "),
    `  exit code ${exitCode} where it ends a command`,
    "",
  ];
}

function list(): string[] {
  const classes = Object.entries(ERROR_CLASSES).flatMap(([name, { about, exitCode }]) => [
    ...wrapped(`${about} (exit code ${exitCode})`, ""),
    ...Object.keys(ERROR_CODES).filter((code) => classOf(code) === name).map((code) => `  ${code}`),
    "",
  ]);
  return [...classes, "packflow explain CODE says what a code means, and how to mend it."];
}
