import type { Difference } from "../parity.ts";

const DEFAULTS = {
  verbose: false,
  input_format: "records",
  rename_fields: {},
  feature_names: [],
  flatten_nested_inputs: false,
  flatten_lists: false,
  nested_field_delimiter: ".",
  ignore_delimiter_collisions: false,
};
const invalid = { error: "config.invalid" };
const unknown = { error: "config.unknown_option" };
const unusable = { error: "config.override_file" };

export const configHierarchyDifferences: readonly Difference[] = [
  {
    quirk: "quirk 1",
    reason: "Releases from 0.4.0 on ignore BACKEND_CONFIG_FILE_PATH; ours reads it, as 0.3.0 did",
    cases: {
      "envfile-ignored-in-current-release*": {
        output: { ...DEFAULTS, verbose: true, feature_names: ["from_file"], output_keys: [] },
      },
    },
  },
  {
    quirk: "quirk 1",
    reason: "A named file that cannot be used is an error, not a log line and options that nobody asked for",
    cases: {
      "envfile-missing-file": unusable,
      "envfile-directory": unusable,
      "envfile-invalid-json": unusable,
      "envfile-empty-file": unusable,
      "envfile-no-configs-key": unusable,
      "envfile-top-level-*": unusable,
    },
  },
  {
    quirk: "quirk 1",
    reason: "A byte order mark at the start of the file, as Windows editors write it, is skipped",
    cases: {
      "envfile-utf8-bom": {
        output: { ...DEFAULTS, thresholds: { low: 1, high: 9 }, labels: ["a", "b"], note: "file" },
      },
    },
  },
  {
    quirk: "quirk 27",
    reason: "An unknown option is an error that suggests the nearest name",
    cases: {
      "kw-unknown-key-ignored": unknown,
      "yaml-unknown-key-ignored": unknown,
      "envfile-unknown-key-in-file": unknown,
    },
  },
  {
    quirk: "quirk 27",
    reason: "Values have the type that the schema names; text that looks like it is not converted",
    cases: { "kw-bool-coerce-*": invalid, "kw-required-int-coerced-from-string": invalid },
  },
  {
    quirk: "quirk 15",
    reason: "A new name that is no text is found when options are checked, not at every call",
    cases: { "kw-rename-non-string-target-accepted": invalid },
  },
  {
    quirk: "the project file",
    reason: "The manifest's env is applied where a project is loaded, not where options are resolved",
    cases: { "yaml-env-*": null },
  },
];
