import type { Difference } from "../parity.ts";

const CORE = ["inference.py", "packflow.yaml", "requirements.txt"];

/** What our package holds, in the words of the cases; see `export_selection_test.ts`. */
function ours(included: string[], excluded: string[], rest: Record<string, unknown> = {}) {
  return {
    output: {
      archive: "<out>/demo_app-1.2.3",
      core_included: CORE,
      gitignore_included: false,
      included,
      excluded,
      ...rest,
    },
  };
}

/** Deliberate differences in what goes into a package. */
export const exportSelectionDifferences: readonly Difference[] = [
  {
    quirk: "quirk 43",
    reason: "Caches of tools and what a build of a Python package leaves behind stay out, with all they hold",
    cases: {
      "tool-caches": ours([], [
        ".cache/x",
        ".hypothesis/x",
        ".mypy_cache/x",
        ".nox/x",
        ".pytest_cache/x",
        ".ruff_cache/x",
        ".tox/x",
      ]),
      "egg-info-dir-contents-included": ours([], ["demo.egg-info/PKG-INFO", "other.egg-info"]),
    },
  },
  {
    quirk: "quirk 43",
    reason: "What may be a secret stays out, and the user is told",
    cases: {
      "secrets-included-by-default": ours([], [".env", "credentials.json", "id_rsa", "secrets/key.pem"]),
    },
  },
  {
    quirk: "quirk 43",
    reason: "Earlier packages of the project stay out, and the user is told",
    cases: {
      "old-archives-included": ours(["demo_app-1.2.3.zip.bak"], ["demo_app-1.2.2.zip"]),
      "same-name-archive-elsewhere-output-included": ours([], ["demo_app-1.2.3.zip"]),
    },
  },
  {
    quirk: "quirk 43",
    reason: "A link that leads outside the project is never followed, and the user is told",
    cases: { "symlink-outside-file-followed": ours([], []) },
  },
  {
    quirk: "quirk 43",
    reason: "The manifest and the backend's modules are in every package: without them it would not load",
    cases: {
      "gi-can-drop-required-files": ours([], [], { gitignore_included: true }),
      "gi-everything": ours([], ["a.txt"], { core_included: ["inference.py", "packflow.yaml"] }),
    },
  },
  {
    quirk: "quirk 44",
    reason: "Nested .gitignore files are read, as git does (the case's own holds *.txt here)",
    cases: { "gi-nested-gitignore-not-read": ours(["sub/.gitignore"], ["sub/a.txt"]) },
  },
  {
    quirk: "DESIGN 6",
    reason: "The package is called {name}-{version}, the name as it is",
    cases: {
      "archive-name-hyphens": ours([], [], { archive: "<out>/my-long-model_x-0.9.0-rc.1" }),
    },
  },
  {
    quirk: "quirk 32",
    reason: "A version is a semantic version, so that no text of it can lead a file elsewhere",
    cases: {
      "archive-name-spaces-in-version": { error: "check.failed" },
      "archive-version-traversal-escapes": { error: "check.failed" },
    },
  },
];
