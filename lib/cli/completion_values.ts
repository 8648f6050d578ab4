import { ERROR_CODES } from "../base/error_codes.ts";
import type { ArgumentFacts, CommandFacts, OptionFacts } from "./command_table.ts";
import { ERROR_CLASSES } from "./exit_code.ts";

/** What a shell offers in the place of an argument or of an option's value. */
export type CompletedValues =
  | { readonly kind: "choices"; readonly choices: readonly string[] }
  /** Files of any name, or first those with an ending. */
  | { readonly kind: "files"; readonly suffix?: string }
  | { readonly kind: "folders" }
  /** Projects and packages, else the folders on the way to them. */
  | { readonly kind: "projects" }
  /** Packages, and the folders on the way to them. */
  | { readonly kind: "packages" }
  | { readonly kind: "nothing" };

/** The endings of packages. */
export const PACKAGE_SUFFIXES = [".tar.gz", ".tgz", ".zip"] as const;

/** What a value is, by the name that it has in the help of every command. */
const BY_NAME: Readonly<Record<string, CompletedValues>> = {
  AFTER: { kind: "projects" },
  BEFORE: { kind: "projects" },
  CODE: { kind: "choices", choices: [...Object.keys(ERROR_CLASSES), ...Object.keys(ERROR_CODES)] },
  FILE: { kind: "files" },
  FOLDER: { kind: "folders" },
  MODEL: { kind: "files", suffix: ".onnx" },
  PACKAGE: { kind: "packages" },
  PATH: { kind: "files" },
  PATHS: { kind: "files" },
  PROJECT: { kind: "projects" },
};

/** What a shell offers for an argument. */
export function argumentValues({ name, choices }: ArgumentFacts): CompletedValues {
  return choices.length > 0 ? { kind: "choices", choices } : BY_NAME[name] ?? { kind: "nothing" };
}

/** What a shell offers for an option's value; undefined for an option that takes none. */
export function optionValues({ takes, value = "", choices }: OptionFacts): CompletedValues | undefined {
  if (takes === "nothing") return undefined;
  return choices.length > 0 ? { kind: "choices", choices } : BY_NAME[value] ?? { kind: "nothing" };
}

/** The ways to write an option: its short name, where it has one, and its long one. */
export function optionNames({ short, long }: OptionFacts): string[] {
  return short === undefined ? [long] : [short, long];
}

/** The ways to write a command: its name and its aliases. */
export function commandNames({ name, aliases }: CommandFacts): string[] {
  return [name, ...aliases];
}
