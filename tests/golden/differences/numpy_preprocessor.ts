import type { Difference } from "../parity.ts";

const tensor = (shape: number[], data: number[]) => ({
  output: { $t: "ndarray", dtype: "float64", shape, data },
});
const missing = { error: "event.missing_field" };
const notNumeric = { error: "event.not_numeric" };

export const tensorDifferences: readonly Difference[] = [
  {
    quirk: "quirk 17",
    reason:
      "A tensor holds numbers: text and objects are refused, not turned into arrays of text or of anything",
    cases: {
      "np-strings": notNumeric,
      "np-string-and-*": notNumeric,
      "np-numeric-strings-stay-text": notNumeric,
      "np-empty-string": notNumeric,
      "np-unicode-strings": notNumeric,
      "np-object-value": notNumeric,
      "np-empty-object-value": notNumeric,
      "np-nested-path-empty-object-leaf": notNumeric,
    },
  },
  {
    quirk: "quirk 17",
    reason:
      "A feature that is missing or null is an error, or NaN with onMissing null; the other numbers stay numbers",
    cases: {
      "np-null-value": missing,
      "np-missing-*": missing,
      "np-all-missing": missing,
      "np-empty-record": missing,
      "np-nested-path-list-index-not-found": missing,
      "np-nested-path-wrong-delimiter": missing,
    },
  },
  {
    quirk: "quirk 17",
    reason: "Integers beyond 64 bits are numbers as any other, as far as float64 is exact",
    cases: { "np-int-above-uint64": tensor([1, 2], [18446744073709551616, 1]) },
  },
  {
    quirk: "quirk 17",
    reason:
      "Array features are spliced into the row, as models take them, so that a tensor always has two dimensions",
    cases: {
      "np-equal-length-lists-two-rows": tensor([2, 4], [1, 2, 3, 4, 5, 6, 7, 8]),
      "np-nested-matrix": tensor([1, 4], [1, 2, 3, 4]),
      "np-empty-lists": tensor([1, 0], []),
      "np-nested-path-list-leaf": tensor([1, 2], [1, 2]),
    },
  },
  {
    quirk: "quirk 18",
    reason: "An empty batch has as many columns as any other",
    cases: { "np-empty-batch": tensor([0, 2], []) },
  },
  {
    quirk: "quirk 14",
    reason: "An empty delimiter is refused when options are checked",
    cases: { "np-delimiter-empty-falls-back-to-dot": { error: "config.invalid" } },
  },
  {
    quirk: "quirk 19",
    reason: "Only the paths in use are looked at, so that unrelated keys cannot fail a batch",
    cases: { "np-colliding-keys-fail-when-flattening-needed": tensor([1, 1], [6]) },
  },
  {
    quirk: "quirk 5",
    reason: "A renaming moves a field in every format: its old name cannot be selected any more",
    cases: { "np-rename-old-name-as-feature": { error: "config.invalid" } },
  },
  {
    quirk: "quirk 20",
    reason: "Of two sources for one name the last that is present wins, as in the records format",
    cases: { "np-rename-two-sources-last-missing": tensor([1, 1], [1]) },
  },
  {
    quirk: "quirk 20",
    reason: "The flatten options act on tensors too rather than being ignored without a word",
    cases: { "np-flatten-flags-ignored": tensor([1, 2], [1, 2]) },
  },
];
