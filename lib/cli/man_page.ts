import { VERSION } from "../base/version.ts";
import type { ArgumentFacts, CommandFacts, OptionFacts } from "./command_table.ts";
import { ENVIRONMENT } from "./environment.ts";
import { EXIT, EXIT_MEANINGS } from "./exit_code.ts";

/** The manual page packflow(1), in the language of man. */
export function manPage(commands: readonly CommandFacts[]): string {
  const codes = Object.entries(EXIT_MEANINGS) as [keyof typeof EXIT, string][];
  return [
    `.TH PACKFLOW 1 "" "packflow ${VERSION}" "User Commands"`,
    // no word is parted, and lines are not stretched: names of options stay as they are typed
    ".nh",
    ".ad l",
    ".SH NAME",
    "packflow \\- take machine\\-learning models into production on streams of events",
    ".SH SYNOPSIS",
    ".B packflow",
    "\\fICOMMAND\\fR [\\fIoptions\\fR] [\\fIarguments\\fR]",
    ".br",
    ".B packflow",
    "\\fB\\-\\-version\\fR | \\fB\\-\\-help\\fR",
    ".SH DESCRIPTION",
    text(
      "Scaffolds, validates, tests, runs, packages and serves inference projects, with no network. A project is a " +
        "folder with a packflow.jsonc. Data goes to standard output, talk to standard error; --json prints one object.",
    ),
    ".SH COMMANDS",
    ...commands.flatMap(commandLines),
    ".SH EXIT STATUS",
    ...codes.flatMap(([name, meaning]) => [".TP", `.B ${EXIT[name]}`, text(meaning)]),
    ".SH ENVIRONMENT",
    ...Object.entries(ENVIRONMENT).flatMap((
      [name, meaning],
    ) => [".TP", `.B ${escaped(name)}`, text(meaning)]),
    ".SH FILES",
    ".TP",
    ".I packflow.jsonc",
    text("The manifest of a project; packflow schema prints its JSON Schema."),
    "",
  ].filter((line, at, all) => line !== "" || at === all.length - 1).join("\n");
}

function commandLines(command: CommandFacts): string[] {
  const aliases = command.aliases.length === 0
    ? []
    : [".PP", text(`Also: packflow ${command.aliases.join(", ")}`)];
  return [
    `.SS packflow ${escaped(command.usage)}`,
    text(command.description),
    ...aliases,
    ...command.arguments.flatMap(argumentLines),
    ...command.options.flatMap(optionLines),
    ...afterLines(command.after),
  ];
}

function argumentLines({ name, isRequired, description, defaultValue, choices }: ArgumentFacts): string[] {
  const shown = isRequired ? `\\fI${escaped(name)}\\fR` : `[\\fI${escaped(name)}\\fR]`;
  return [".TP", shown, text(description + details(choices, isRequired ? undefined : defaultValue))];
}

function optionLines(
  { short, long, value, takes, description, defaultValue, choices }: OptionFacts,
): string[] {
  const names = [short, long].filter((name) => name !== undefined).map((name) => `\\fB${escaped(name)}\\fR`);
  const argument = value === undefined ? "" : ` \\fI${escaped(value)}\\fR`;
  return [
    ".TP",
    names.join(", ") + (takes === "perhaps" ? ` [${argument.trim()}]` : argument),
    text(description + details(choices, defaultValue)),
  ];
}

function details(choices: readonly string[], defaultValue: unknown): string {
  const said = [
    ...(choices.length === 0 ? [] : [`one of ${choices.join(", ")}`]),
    ...(defaultValue === undefined ? [] : [`default ${[defaultValue].flat().join(", ")}`]),
  ];
  return said.length === 0 ? "" : ` (${said.join("; ")})`;
}

/** Paragraphs of help: examples and tables as they stand, with sentences between them filled. */
function afterLines(after: string): string[] {
  const lines: string[] = [];
  let wasTable = false;
  for (const line of after.split("\n")) {
    const isTable = /^ {2}/.test(line);
    if (isTable && !wasTable) lines.push(".RS 4", ".nf");
    if (!isTable && wasTable) lines.push(".fi", ".RE");
    if (isTable) lines.push(text(line.slice(2)));
    else {lines.push(
        line === "" || wasTable || lines.length === 0 ? ".PP" : "",
        line === "" ? "" : text(line),
      );}
    wasTable = isTable;
  }
  return [...lines, ...(wasTable ? [".fi", ".RE"] : [])].filter((line, at, all) =>
    line !== "" && !(line === ".PP" && all[at + 1] === ".PP")
  );
}

/** A line of text, which must not look like one of man's own commands. */
function text(line: string): string {
  return escaped(line).replace(/^(?=[.']|\\\(aq)/, "\\&");
}

/** Text whose signs stand for themselves, as typed. */
function escaped(line: string): string {
  return line
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("'", "\\(aq")
    .replaceAll("`", "\\(ga")
    .replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti");
}
