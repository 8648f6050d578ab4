import { VERSION } from "../base/version.ts";
import type { ArgumentFacts, CommandFacts, OptionFacts } from "./command_table.ts";
import {
  argumentValues,
  commandNames,
  type CompletedValues,
  optionNames,
  optionValues,
  PACKAGE_SUFFIXES,
} from "./completion_values.ts";
import { firstClause } from "./text.ts";

/** The completion of zsh: a file `_packflow` for $fpath, which may also be sourced. */
export function zshCompletion(commands: readonly CommandFacts[]): string {
  return `#compdef packflow
# Completion of packflow ${VERSION} for zsh, written by: packflow completion zsh

${HELPERS}
_packflow_commands() {
  local -a commands
  commands=(
${commands.flatMap(describedCommand).map((line) => `    ${line}`).join("\n")}
  )
  _describe -t commands 'command' commands
}

_packflow() {
  local curcontext="$curcontext" state line
  local -A opt_args
  _arguments -C \\
    '(- *)'{-h,--help}'[print the help]' \\
    '(- *)'{-V,--version}'[print the version]' \\
    '(-)1:command:_packflow_commands' \\
    '(-)*::argument:->argument'
  [[ $state == argument ]] || return
  case $line[1] in
${commands.map(commandCase).join("\n")}
  esac
}

if [[ $funcstack[1] == _packflow ]]; then
  _packflow "$@"
else
  compdef _packflow packflow
fi
`;
}

const PACKAGES = `*(${PACKAGE_SUFFIXES.join("|")})(-.)`;

const HELPERS = `_packflow_is_project() {
  [[ -e $REPLY/packflow.jsonc ]]
}

_packflow_projects() {
  local -a expl
  _wanted projects expl 'project or package' _path_files -g '*(-/+_packflow_is_project) ${PACKAGES}' ||
    _wanted folders expl 'folder' _path_files -/
}

_packflow_packages() {
  local -a expl
  _wanted packages expl 'package' _path_files -g '${PACKAGES} *(-/)'
}
`;

function describedCommand(command: CommandFacts): string[] {
  return commandNames(command).map((name) => quoted(`${name}:${firstClause(command.description)}`));
}

function commandCase(command: CommandFacts): string {
  const specs = [
    "'(- *)'{-h,--help}'[print the help]'",
    ...command.options.map(optionSpec),
    ...command.arguments.map(argumentSpec),
  ];
  return `    ${commandNames(command).join("|")})
      _arguments -s \\
${specs.map((spec) => `        ${spec}`).join(" \\\n")}
      ;;`;
}

/** The specification of `_arguments` for an option, which may come several times. */
function optionSpec(option: OptionFacts): string {
  const values = optionValues(option);
  const isOptional = option.takes === "perhaps";
  const value = values === undefined
    ? ""
    : `${isOptional ? "::" : ":"}${escaped(option.value ?? "value")}:${action(values)}`;
  const names = optionNames(option).map((name) => {
    if (values === undefined) return name;
    return name.startsWith("--") ? `${name}=` : `${name}+`;
  });
  const written = names.length === 1 ? quoted(`*${names[0]}`) : `'*'{${names.join(",")}}`;
  return `${written}${quoted(`[${escaped(option.description)}]${value}`)}`;
}

function argumentSpec(argument: ArgumentFacts): string {
  const values = argumentValues(argument);
  const times = argument.isVariadic ? "*" : "";
  return quoted(`${times}:${escaped(argument.name)}:${action(values)}`);
}

function action(values: CompletedValues): string {
  switch (values.kind) {
    case "choices":
      return `(${values.choices.join(" ")})`;
    case "files":
      return values.suffix === undefined ? "_files" : `_files -g "*${values.suffix}(-.)"`;
    case "folders":
      return "_files -/";
    case "projects":
      return "_packflow_projects";
    case "packages":
      return "_packflow_packages";
    case "nothing":
      return " ";
  }
}

/** Text inside a specification, where some signs would part it. */
function escaped(text: string): string {
  return text.replace(/[\\:[\]]/g, (sign) => `\\${sign}`);
}

/** Text as one word of the shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
