import { type CommandFacts, commandTable, type OptionFacts } from "../../lib/cli/command_table.ts";
import { EXIT, EXIT_MEANINGS } from "../../lib/cli/exit_code.ts";
import { block, code, prose, table } from "./markdown.ts";

const INTRODUCTION = `# Commands

\`packflow COMMAND --help\` prints what stands here. Every command takes \`--help\` (\`-h\`);
\`packflow --version\` (\`-V\`) prints the version. Data goes to standard output, talk to standard error; where a
command takes \`--json\`, it prints one object with \`schema\`, \`ok\` and \`diagnostics\` on standard output, and
nothing else there.

An argument in angle brackets must be there, one in square brackets may be left out, dots say that several may
follow. An option that takes a value is written \`--batch-size 64\` or \`--batch-size=64\`.
`;

/** docs/reference/cli.md, made from the table of commands. */
export async function cliReference(): Promise<string> {
  const commands = await commandTable();
  const codes = table(
    ["exit code", "meaning"],
    Object.values(EXIT).map((code, index) => [String(code), Object.values(EXIT_MEANINGS)[index] ?? ""]),
  );
  return [INTRODUCTION, codes, "", ...commands.map(section)].join("\n");
}

function section(command: CommandFacts): string {
  const aliases = command.aliases.map((alias) => code(`packflow ${alias}`)).join(", ");
  const args = command.arguments.map(({ name, isRequired, isVariadic, description, ...rest }) => [
    code(name),
    meaning(description, rest.choices),
    isRequired
      ? "must be there"
      : defaultText(rest.defaultValue) + (isVariadic ? "; may come several times" : ""),
  ]);
  const options = command.options.map((option) => [
    code(option.flags),
    meaning(option.description, option.choices),
    defaultText(option.defaultValue),
  ]);
  return [
    `## ${command.name}`,
    prose(command.description),
    block(`packflow ${command.usage}`),
    ...aliases === "" ? [] : [`The same as ${aliases}.`],
    ...args.length === 0 ? [] : [table(["argument", "meaning", "default"], args)],
    ...options.length === 0 ? [] : [table(["option", "meaning", "default"], options)],
    block(command.after),
    "",
  ].join("\n\n");
}

function meaning(description: string, choices: OptionFacts["choices"]): string {
  const text = prose(description);
  return choices.length === 0 ? text : `${text}: ${choices.map(code).join(", ")}`;
}

function defaultText(value: unknown): string {
  return value === undefined ? "" : code(String(value));
}
