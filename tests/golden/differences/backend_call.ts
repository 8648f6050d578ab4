import type { Difference } from "../parity.ts";

/** Where a call differs from the original's. */
export const backendCallDifferences: readonly Difference[] = [
  {
    quirk: "quirk 21",
    reason:
      "An event that is no object is refused at once, with its index, whatever the backend would do with it",
    cases: {
      "list-of-*-not-checked": { error: "event.not_object" },
      "list-of-strings-fails-in-preprocess": { error: "event.not_object" },
      "list-mixed-fails-in-preprocess": { error: "event.not_object" },
      "list-of-lists-fails-numpy": { error: "event.not_object" },
    },
  },
  {
    quirk: "quirk 21",
    reason: "Every call checks that there is one result per event: answers must not slip to another event",
    cases: {
      "returns-shorter-not-checked": { error: "backend.wrong_output" },
      "single-two-results-first-taken": { error: "backend.wrong_output" },
      "empty-batch-nonempty-result": { error: "backend.wrong_output" },
    },
  },
  {
    quirk: "quirk 11",
    reason: "Only the paths in use are checked for collisions with the delimiter",
    cases: { "throws-preprocess-collision": { output: [{ a: { b: 2 } }] } },
  },
  {
    quirk: "errors",
    reason: "The code says that preprocessing failed; the message names the path, not the step",
    cases: { "throws-preprocess-flatten-duplicate": { error: "event.delimiter_collision" } },
  },
  {
    quirk: "quirk 27",
    reason: "A misspelt option is an error that suggests the right name",
    cases: { "unknown-config-key-ignored": { error: "config.unknown_option" } },
  },
  {
    quirk: "quirk 23",
    reason:
      "Metrics belong to a call and are returned with it: there are none to ask for before or after a failed one",
    cases: {
      "seq-metrics-before-first-call": null,
      "seq-failure-then-metrics": null,
      "seq-single-empty-result-has-metrics": null,
    },
  },
  {
    quirk: "language",
    reason:
      "JavaScript has no counterpart: an array of the original's array type, a lookup that throws for a missing key",
    cases: { "wrong-input-ndarray": null, "throws-key-error-in-transform-inputs": null },
  },
];
