import { ERROR_CODES } from "../../lib/base/error_codes.ts";
import { classOf, ERROR_CLASSES } from "../../lib/cli/exit_code.ts";
import { code, prose, table } from "./markdown.ts";

const INTRODUCTION = `# Errors

Every error and warning carries a code, shown in brackets: \`[event.missing_field]\`. Codes are stable, messages may
change: scripts should look at codes. The same codes stand in the \`diagnostics\` of \`--json\`, in dead letters, in
answers of \`--on-error emit\`, in those of \`packflow serve\`, and as \`code\` of a \`PackflowError\`.

What stands before the dot is the code's class. It says with which code a command exits that such an error ends.
A warning never ends a command. With \`--on-error skip\` or \`emit\` a failing event does not end the run either, whose
exit code is 3 all the same.

\`packflow explain event.missing_field\` prints what this page says of a code, \`packflow explain event\` of a class.
`;

/** docs/reference/errors.md, made from the table of codes. */
export function errorsReference(): string {
  const classes = Object.entries(ERROR_CLASSES).map(([name, { about, exitCode }]) => ({
    name,
    about,
    exitCode,
  }));
  const overview = table(
    ["class", "about", "exit code"],
    classes.map(({ name, about, exitCode }) => [`[${name}](#${name})`, prose(about), String(exitCode)]),
  );
  return [INTRODUCTION, overview, "", ...classes.flatMap(({ name, about }) => section(name, about))].join(
    "\n",
  );
}

function section(name: string, about: string): string[] {
  const codes = Object.entries(ERROR_CODES).filter(([each]) => classOf(each) === name);
  return [
    `## ${name}\n`,
    `${prose(about)}\n`,
    ...codes.flatMap(([each, { cause, remedy }]) => [
      `### ${code(each)}\n`,
      `${prose(cause)}\n`,
      `Remedy: ${prose(remedy)}\n`,
    ]),
  ];
}
