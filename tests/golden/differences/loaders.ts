import type { Difference } from "../parity.ts";

/** Where loading differs from the original's loaders. */
export const loadersDifferences: readonly Difference[] = [
  {
    quirk: "quirk 36",
    reason:
      "A ready-made instance would ignore the options it is given without a word: only classes are loaded",
    cases: {
      "local-instance": { error: "backend.wrong_export" },
      "local-instance-kwargs-ignored": { error: "backend.wrong_export" },
      "project-instance-ignores-backend-config": { error: "backend.wrong_export" },
    },
  },
];
