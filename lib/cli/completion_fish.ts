import { VERSION } from "../base/version.ts";
import type { CommandFacts, OptionFacts } from "./command_table.ts";
import {
  argumentValues,
  commandNames,
  type CompletedValues,
  optionNames,
  optionValues,
  PACKAGE_SUFFIXES,
} from "./completion_values.ts";
import { firstClause } from "./text.ts";

/** The completion of fish, 3.1 and later. */
export function fishCompletion(commands: readonly CommandFacts[]): string {
  return `# Completion of packflow ${VERSION} for fish, written by: packflow completion fish

${HELPERS}
# The options of a command that take a value.
function __packflow_valued
    switch $argv[1]
${commands.map(valuedCase).join("")}    end
end

complete -c packflow -f
complete -c packflow -s h -l help -d 'Print the help'
complete -c packflow -n __packflow_wants_command -s V -l version -d 'Print the version'
${commands.flatMap(commandLines).join("\n")}
`;
}

const HELPERS = `# Whether the command is yet to be typed.
function __packflow_wants_command
    test (count (commandline -opc)) -eq 1
end

# Whether the command is one of these.
function __packflow_command_is
    set -l words (commandline -opc)
    test (count $words) -gt 1; and contains -- $words[2] $argv
end

# Whether the word at the cursor is this argument of one of these commands, counted from 1; 0 for any.
function __packflow_argument_is
    __packflow_command_is $argv[2..-1]; or return
    set -l words (commandline -opc)
    set -l valued (__packflow_valued $words[2])
    set -l position 1
    set -l is_value 0
    for word in $words[3..-1]
        if test $is_value -eq 1
            set is_value 0
        else if contains -- $word $valued
            set is_value 1
        else if not string match -q -- '-*' $word
            set position (math $position + 1)
        end
    end
    test $is_value -eq 0; and contains -- $argv[1] 0 $position
end

function __packflow_packages
    set -l word (commandline -ct)
    set -l found ${PACKAGE_SUFFIXES.map((suffix) => `$word*${suffix}`).join(" ")}
    string join \\n -- $found
    __fish_complete_directories $word
end

# Projects and packages, else the folders on the way to them.
function __packflow_projects
    set -l word (commandline -ct)
    set -l found ${PACKAGE_SUFFIXES.map((suffix) => `$word*${suffix}`).join(" ")}
    for manifest in $word*/packflow.jsonc
        set -a found (string replace -r '/packflow\\.jsonc$' / -- $manifest)
    end
    if test (count $found) -gt 0
        string join \\n -- $found
    else
        __fish_complete_directories $word
    end
end
`;

function valuedCase(command: CommandFacts): string {
  const valued = command.options.filter((option) => optionValues(option) !== undefined);
  if (valued.length === 0) return "";
  return `        case ${commandNames(command).join(" ")}
            string join \\n -- ${valued.flatMap(optionNames).join(" ")}
`;
}

function commandLines(command: CommandFacts): string[] {
  const names = commandNames(command).join(" ");
  return [
    "",
    ...commandNames(command).map((name) =>
      `complete -c packflow -n __packflow_wants_command -a ${name} -d ${
        quoted(firstClause(command.description))
      }`
    ),
    ...command.options.map((option) =>
      `complete -c packflow -n '__packflow_command_is ${names}' ${optionPart(option)}`
    ),
    ...command.arguments.flatMap((argument, at) => {
      const offered = offer(argumentValues(argument));
      if (offered === "") return [];
      const position = argument.isVariadic ? 0 : at + 1;
      return [`complete -c packflow -n '__packflow_argument_is ${position} ${names}' ${offered}`];
    }),
  ];
}

function optionPart(option: OptionFacts): string {
  const { short, long, description, takes } = option;
  const values = optionValues(option);
  const offered = values === undefined ? "" : offer(values);
  return [
    ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
    `-l ${long.slice(2)}`,
    // -x: a value that is no file
    ...(takes === "value" ? [offered === "-F" ? "-r" : "-x"] : []),
    ...(offered === "" ? [] : [offered]),
    `-d ${quoted(description)}`,
  ].join(" ");
}

function offer(values: CompletedValues): string {
  switch (values.kind) {
    case "choices":
      return `-a ${quoted(values.choices.join(" "))}`;
    case "files":
      return values.suffix === undefined
        ? "-F"
        : `-k -a ${quoted(`(__fish_complete_suffix ${values.suffix})`)}`;
    case "folders":
      return "-a '(__fish_complete_directories)'";
    case "projects":
      return "-a '(__packflow_projects)'";
    case "packages":
      return "-a '(__packflow_packages)'";
    case "nothing":
      return "";
  }
}

/** Text as one word of the shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
