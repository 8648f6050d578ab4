import { InvalidArgumentError } from "../deps/commander.ts";

/** The help of the `[PROJECT]` argument, which means the same in every command. */
export const PROJECT_HELP = "project folder or package";

/** Parses a whole number that is at least `least`. */
export function wholeNumber(least: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && Number.isSafeInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`It must be a whole number of at least ${least}`);
  };
}

/** Adds a value to those of an option that may come several times. */
export function collect(value: string, before: string[] | undefined): string[] {
  return [...before ?? [], value];
}

/** Examples as every command's help ends with. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;
}
