import type { Difference } from "../parity.ts";

/** Where our packflow.jsonc differs from the original's packflow.yaml. */
export const packflowYamlDifferences: readonly Difference[] = [
  {
    quirk: "project file",
    reason: "How YAML is written and what it makes of scalars has no counterpart in JSON with comments",
    cases: {
      "backend-bad-mapping": null,
      "two-documents": null,
      "anchors": null,
      "merge-key": null,
      "name-y-stays-text": null,
      "quoted-and-plain-bools-in-extra": null,
      "octal-and-hex-in-extra": null,
      "timestamps-in-extra": null,
      "tab-indent": null,
      "bad-indent": null,
      "unknown-tag": null,
      "python-object-tag-refused": null,
    },
  },
  {
    quirk: "project file",
    reason: "There is one way to load TypeScript and no interpreter to choose: these keys do not exist",
    cases: { "loader-*": null, "python-version-*": null },
  },
  {
    quirk: "quirk 32",
    reason: "A version is part of the package's file name and must be a semantic one",
    cases: {
      "version-accepted-word": { error: "manifest.invalid" },
      "version-accepted-quoted-*": { error: "manifest.invalid" },
      "version-accepted-traversal": { error: "manifest.invalid" },
      "version-accepted-absolute": { error: "manifest.invalid" },
      "version-accepted-unicode": { error: "manifest.invalid" },
      "version-accepted-date-quoted": { error: "manifest.invalid" },
      "version-accepted-spaces": { error: "manifest.invalid" },
      "json-syntax": { error: "manifest.invalid" },
    },
  },
  {
    quirk: "quirk 34",
    reason: "A key that stands twice is an error",
    cases: { "duplicate-key-last-wins": { error: "manifest.invalid" } },
  },
  {
    quirk: "project file",
    reason: "A backend names a file of the project and one export of it",
    cases: {
      "backend-ok-spaces": { error: "manifest.invalid" },
      "backend-ok-odd-chars": { error: "manifest.invalid" },
      "backend-ok-dotted-object": { error: "manifest.invalid" },
    },
  },
  {
    quirk: "project file",
    reason: "Keys are always text in JSON; names of environment variables have a rule of their own",
    cases: { "env-numeric-key": { error: "manifest.invalid" } },
  },
];
