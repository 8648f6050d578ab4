import type { Difference } from "../parity.ts";

/** Where `checkIo` differs from the original's `check_io`. */
export const validateIoDifferences: readonly Difference[] = [
  {
    quirk: "quirk 28",
    reason: "NaN and Infinity are no JSON: they would reach the output as null",
    cases: {
      "json-accepts-nan": { error: "check.io" },
      "json-accepts-infinity": { error: "check.io" },
    },
  },
  {
    quirk: "cli-behaviour.md, validate",
    reason: "A key that no result has breaks what the project declares; a warning was passed over in silence",
    cases: {
      "keys-one-missing-warns": { error: "check.io" },
      "keys-many-missing-sorted": { error: "check.io" },
      "keys-single": { error: "check.io" },
    },
  },
];
