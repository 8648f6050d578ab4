import { PackflowError } from "../base/errors.ts";
import { type EventRecord, isObject, type JsonObject, type JsonValue } from "../base/json.ts";
import { getOwn, setOwn } from "../base/own_keys.ts";
import type { BackendConfig } from "../config/backend_config.ts";
import { createFeatureReader, type Feature } from "./features.ts";
import { isInside } from "./field_path.ts";

/** A key of the selected record: a feature, or an object that holds some. */
type Node =
  | { readonly key: string; readonly feature: Feature; readonly index: number }
  | { readonly key: string; readonly inner: Node[] };

/** The record at hand. */
interface Row {
  readonly onMissing: BackendConfig["onMissing"];
  /** See {@linkcode readPath}. */
  readonly keysFirst: boolean;
  /** What its features hold. */
  readonly values: readonly (JsonValue | undefined)[];
  readonly from: EventRecord;
  readonly selected: JsonObject;
}

/**
 * Prepares a function that keeps the features of a record, in their order, nested as they were. A feature inside
 * another one is part of it, whichever is named first.
 */
export function createSelection(config: BackendConfig): (record: EventRecord) => EventRecord {
  const keysFirst = config.ignoreDelimiterCollisions;
  const reader = createFeatureReader(
    { ...config, featureNames: [...new Set(config.featureNames)] },
    keysFirst,
  );
  const { features } = reader;
  const tree = treeOf(features);
  const parts = features.flatMap((feature, index) =>
    features.some((outer) => isInside(feature, outer)) ? [{ feature, index }] : []
  );
  const { onMissing } = config;
  const values: (JsonValue | undefined)[] = features.map(() => undefined);
  return (record) => {
    const selected: JsonObject = {};
    const row = { onMissing, keysFirst, values, from: reader.read(record, values), selected };
    fill(selected, tree, row);
    if (onMissing !== "skip") { for (const part of parts) fillPart(part, row); }
    return selected;
  };
}

/** Adds what the nodes hold to an object; false where that was nothing. */
function fill(into: JsonObject, nodes: readonly Node[], row: Row): boolean {
  let filled = false;
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at];
    if (node === undefined) continue;
    if ("feature" in node) {
      const value = row.values[node.index] ?? missing(node.feature, row.values[node.index], row);
      if (value === undefined) continue;
      if (row.keysFirst && isKey(node.feature, row.from)) {
        setOwn(row.selected, node.feature.name, value);
        continue;
      }
      setOwn(into, node.key, value);
    } else {
      const inner: JsonObject = {};
      if (!fill(inner, node.inner, row)) continue;
      setOwn<JsonValue>(into, node.key, inner);
    }
    filled = true;
  }
  return filled;
}

/** What stands for a feature that is missing or null: nothing, null, or an error. */
function missing(feature: Feature, value: JsonValue | undefined, { onMissing }: Row): null | undefined {
  if (onMissing === "error") throw missingField(feature, value);
  return onMissing === "null" ? null : undefined;
}

/** The error for a feature that an event lacks, or holds null in. */
export function missingField({ name }: Feature, value: JsonValue | undefined): PackflowError {
  const current = value === undefined ? "missing" : "null";
  return new PackflowError(
    "event.missing_field",
    `Cannot prepare the event as it must hold the feature "${name}": current value is ${current}`,
    { place: { field: name } },
  );
}

/** Whether the feature was read from a key that is spelt like its path, and so goes back under that key. */
function isKey({ name, segments, renamed }: Feature, record: EventRecord): boolean {
  return segments.length > 1 && !renamed && (getOwn(record, name) ?? null) !== null;
}

/** Applies `onMissing` to a feature inside a selected object, in a copy of that object. */
function fillPart({ feature, index }: { feature: Feature; index: number }, row: Row): void {
  if ((row.values[index] ?? null) !== null) return;
  missing(feature, row.values[index], row);
  let holder = row.selected;
  for (const key of feature.segments.slice(0, -1)) {
    const below = getOwn(holder, key);
    if (!isObject(below)) return;
    const copy = { ...below };
    setOwn<JsonValue>(holder, key, copy);
    holder = copy;
  }
  setOwn(holder, feature.segments.at(-1) ?? feature.name, null);
}

function treeOf(features: readonly Feature[]): Node[] {
  const roots: Node[] = [];
  for (const [index, feature] of features.entries()) {
    // An object takes the place of the first of its fields that is named.
    const whole = features.findIndex((outer) =>
      isInside(feature, outer) && !features.some((outermost) => isInside(outer, outermost))
    );
    add(roots, { feature: features[whole] ?? feature, index: whole === -1 ? index : whole });
  }
  return roots;
}

function add(roots: Node[], { feature, index }: { feature: Feature; index: number }): void {
  let nodes = roots;
  for (const key of feature.segments.slice(0, -1)) {
    let node = nodes.find((one) => one.key === key);
    if (node === undefined) nodes.push(node = { key, inner: [] });
    if ("inner" in node) nodes = node.inner;
  }
  const key = feature.segments.at(-1) ?? feature.name;
  if (!nodes.some((one) => one.key === key)) nodes.push({ key, feature, index });
}
