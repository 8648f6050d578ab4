import { VERSION } from "../base/version.ts";
import type { CommandFacts } from "./command_table.ts";
import {
  argumentValues,
  commandNames,
  type CompletedValues,
  optionNames,
  optionValues,
  PACKAGE_SUFFIXES,
} from "./completion_values.ts";

/** The completion of bash, 3.2 and later; needs nothing but bash. */
export function bashCompletion(commands: readonly CommandFacts[]): string {
  const names = commands.flatMap(commandNames);
  return `# Completion of packflow ${VERSION} for bash, written by: packflow completion bash

# What the value of an option may be; fails for an option that takes none.
_packflow_option() {
  case "$1 $2" in
${optionCases(commands).map((line) => `    ${line}`).join("\n")}
    *) return 1 ;;
  esac
}

# What the argument of a command may be, counted from 1.
_packflow_argument() {
  case "$1 $2" in
${commands.flatMap(argumentCases).map((line) => `    ${line}`).join("\n")}
    *) values=(nothing) ;;
  esac
}

_packflow_options() {
  case $1 in
${commands.map(optionsCase).map((line) => `    ${line}`).join("\n")}
  esac
}

_packflow_commands() {
  _packflow_words ${names.join(" ")} --help --version
}

${HELPERS}
${MAIN}
complete -F _packflow packflow
`;
}

/** Lines of a `case`: the options that take a value, those of one kind in one line. */
function optionCases(commands: readonly CommandFacts[]): string[] {
  const patterns = new Map<string, string[]>();
  for (const command of commands) {
    for (const option of command.options) {
      const values = optionValues(option);
      if (values === undefined) continue;
      const offered = words(values);
      const known = patterns.get(offered) ?? [];
      patterns.set(offered, known);
      for (const name of commandNames(command)) {
        known.push(...optionNames(option).map((each) => `"${name} ${each}"`));
      }
    }
  }
  return [...patterns].map(([offered, cases]) => `${cases.join(" | ")}) values=(${offered}) ;;`);
}

function argumentCases(command: CommandFacts): string[] {
  return command.arguments.flatMap((argument, at) => {
    const values = argumentValues(argument);
    if (values.kind === "nothing") return [];
    const cases = commandNames(command).map((name) =>
      `"${name} "${argument.isVariadic ? "*" : String(at + 1)}`
    );
    return [`${cases.join(" | ")}) values=(${words(values)}) ;;`];
  });
}

function optionsCase(command: CommandFacts): string {
  const options = [...command.options.flatMap(optionNames), "--help"];
  return `${commandNames(command).join(" | ")}) _packflow_words ${options.join(" ")} ;;`;
}

/** The arguments of the script's own `_packflow_offer`. */
function words(values: CompletedValues): string {
  if (values.kind === "choices") return `choices ${values.choices.join(" ")}`;
  return values.kind === "files" && values.suffix !== undefined ? `files ${values.suffix}` : values.kind;
}

const HELPERS = `_packflow_words() {
  local word
  for word in "$@"; do
    [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
  done
}

# Has bash quote names, and put a slash behind folders; versions before 4 cannot.
_packflow_paths() {
  compopt -o filenames 2>/dev/null
}

# What is offered: choices WORD..., files [SUFFIX], folders, projects or packages.
_packflow_offer() {
  local kind=$1 path
  local -a folders=() projects=() found=()
  shift
  case $kind in
    choices) _packflow_words "$@"; return ;;
    nothing) return ;;
  esac
  _packflow_paths
  while IFS= read -r path; do
    if [[ -e $path/packflow.jsonc ]]; then projects+=("$path"); else folders+=("$path"); fi
  done < <(compgen -d -- "$cur")
  if [[ $kind == files || $kind == projects || $kind == packages ]]; then
    while IFS= read -r path; do
      [[ -d $path ]] && continue
      case $kind:$path in
        files:*"$1" | projects:*@SUFFIXES | packages:*@SUFFIXES) found+=("$path") ;;
      esac
    done < <(compgen -f -- "$cur")
  fi
  if [[ $kind == projects ]]; then
    found+=("\${projects[@]}")
    ((\${#found[@]} > 0)) || found=("\${folders[@]}")
  else
    found+=("\${projects[@]}" "\${folders[@]}")
  fi
  COMPREPLY=("\${found[@]}")
}
`.replace(
  "projects:*@SUFFIXES | packages:*@SUFFIXES",
  ["projects", "packages"].flatMap((kind) => PACKAGE_SUFFIXES.map((suffix) => `${kind}:*${suffix}`)).join(
    " | ",
  ),
);

const MAIN = `_packflow() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} option='' position=1 i
  local -a values=()
  COMPREPLY=()
  case $prev in
    '<' | '>' | '>>' | '2>' | '2>>' | '&>') _packflow_offer files; return ;;
  esac
  if ((COMP_CWORD == 1)); then
    _packflow_commands
    return
  fi
  # bash parts --option=value into three words
  if [[ $cur == '=' ]]; then
    option=$prev cur=''
  elif [[ $prev == '=' ]]; then
    option=\${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ $prev == -* ]]; then
    option=$prev
  fi
  local command=\${COMP_WORDS[1]}
  if [[ -n $option ]] && _packflow_option "$command" "$option"; then
    _packflow_offer "\${values[@]}"
    return
  fi
  if [[ $cur != -* ]]; then
    for ((i = 2; i < COMP_CWORD; i++)); do
      case \${COMP_WORDS[i]} in
        -*)
          if [[ \${COMP_WORDS[i + 1]} == '=' ]]; then
            ((i += 2))
          elif _packflow_option "$command" "\${COMP_WORDS[i]}"; then
            ((i += 1))
          fi
          ;;
        '<' | '>' | '>>' | '2>' | '2>>' | '&>') ((i += 1)) ;;
        *) ((position += 1)) ;;
      esac
    done
    _packflow_argument "$command" "$position"
    [[ \${values[0]} == nothing ]] || { _packflow_offer "\${values[@]}"; return; }
  fi
  _packflow_options "$command"
}
`;
