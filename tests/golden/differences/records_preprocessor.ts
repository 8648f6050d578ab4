import type { Difference } from "../parity.ts";

const rows = (...output: unknown[]) => ({ output });
const refused = { error: "config.invalid" };

export const recordsDifferences: readonly Difference[] = [
  {
    quirk: "quirk 5",
    reason:
      "Renaming moves a field, as documentation promises: the old name is gone, and it replaces a field of its new name",
    cases: {
      "rename-falsy-values-kept": rows({ i2: 0, f2: false, s2: "", l2: [], d2: {} }),
      "rename-target-exists-original-wins": rows({ b: 1 }),
      "rename-swap-has-no-effect": rows({ b: 1, a: 2 }),
      "rename-chain": rows({ b: 1, c: 2 }),
      "rename-two-sources-second-missing": rows({ x: 1 }),
      "rename-order-renamed-first": rows({ z: 3, y: 2, a: 1 }),
      "rename-nested-source": rows({ ab: 5, a: {}, c: 1 }),
      "rename-whole-object": rows({ z: { b: 1, c: [2] } }),
      "rename-array-of-objects-whole": rows({ points: [{ x: 1 }, { x: 2 }] }),
      "rename-two-to-nested-siblings": rows({ p: { q: 1, r: 2 } }),
      "rename-nested-to-nested": rows({ p: { q: 1 }, a: {}, z: 0 }),
      "rename-empty-source-name": rows({ x: 1, a: 2 }),
      "rename-unicode": rows({ height: 3, weight: 70 }),
      "rename-emoji-target": rows({ "🚀": 1 }),
      "rename-custom-delimiter-dot-is-literal": rows({ "x.y": 1 }),
      "rename-dotted-target-only-no-collision-check": rows({ p: { q: 1 }, "k.l": 2 }),
      "rename-to-js-proto-names": rows({ constructor: 1, toString: 2 }),
      "coll-not-triggered-by-flat-rename": rows({ b: 2, "x.y": 1 }),
      "coll-ignored-rename-literal": rows({ x: 1, c: 2 }),
      "coll-ignored-rename-literal-to-dotted": rows({ c: { d: 1 } }),
      "fr-target-exists-original-wins": rows({ c: 1 }),
      "fr-two-sources-one-target-second-null": rows({ v: 1 }),
      "rf-old-name-still-selectable": refused,
    },
  },
  {
    quirk: "quirk 5",
    reason: "A null is renamed as any value is, so that every record has the same names",
    cases: {
      "rename-null-source-skipped": rows({ x: null, b: 2 }),
      "rename-per-row": rows({ x: 1 }, { b: 2 }, { x: null }, {}),
      "fr-null-skipped": rows({ ab: null }),
    },
  },
  {
    quirk: "quirk 6",
    reason: "featureNames filters and orders renamed fields too",
    cases: {
      "rf-order-renamed-first": rows({ a: 1, z: 3, b: 2 }),
      "rf-swap": rows({ a: 2, b: 1 }),
      "fr-with-features": rows({ site: 2, rpm: 0 }),
      "fr-with-features-leak": rows({ z: 3 }),
      "rf-renamed-scalar-blocks-nested-feature": rows({}),
    },
  },
  {
    quirk: "quirk 8",
    reason: "A field renamed into an object joins the fields that the object has",
    cases: {
      "rename-to-nested-target-clobbered-by-existing-top-level": rows({ p: { q: 1, k: 2 } }),
      "rf-nested-target-hides-parent-feature": rows({ a: { b: 1, c: 3 } }),
    },
  },
  {
    quirk: "quirk 9",
    reason: "New names of which one lies inside another are refused; events are never changed",
    cases: {
      "rename-nested-target-blocked-by-scalar": refused,
      "rename-nested-target-over-object-mutates-input": refused,
      "rf-renamed-object-shared-and-mutated": rows({}),
    },
  },
  {
    quirk: "quirk 11",
    reason: "Only paths in use are checked for keys that hold the delimiter",
    cases: {
      "coll-second-row-only": rows({ a: { b: 1 } }, { a: { b: 1 } }),
      "coll-flatten-duplicate-not-requested-still-fails": rows({ c: 3 }),
    },
  },
  {
    quirk: "quirk 12",
    reason:
      "With collisions ignored a key that holds the delimiter stays one key, and gives way to a path if it is null",
    cases: {
      "coll-ignored-literal-becomes-nested": rows({ "a.b": 1 }),
      "coll-ignored-literal-wins-over-path": rows({ "a.b": "lit" }),
      "coll-ignored-literal-null-hides-path": rows({ a: { b: "path" } }),
      "coll-ignored-underscore": rows({ user_id: 7 }),
      "coll-ignored-mixed-with-flat": rows({ x: 2, q: { r: 3 }, "a.b": 1 }),
    },
  },
  {
    quirk: "quirk 14",
    reason: "An empty delimiter is refused when options are checked, not at every call",
    cases: { "delim-empty-with-features-errors": refused, "delim-empty-ignored-literal-key": refused },
  },
  {
    quirk: "quirk 15",
    reason: "A new name that is no text is refused when options are checked",
    cases: {
      "rename-non-string-target": refused,
      "rename-null-target": refused,
      "fr-non-string-target": refused,
    },
  },
  {
    quirk: "quirk 30",
    reason: "An array given instead of an event is refused in every mode",
    cases: { "flat-row-is-list-with-flatten-lists": { error: "event.not_object" } },
  },
];
