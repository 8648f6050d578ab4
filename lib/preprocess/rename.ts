import { PackflowError } from "../base/errors.ts";
import { type EventRecord, isObject, type JsonObject, type JsonValue } from "../base/json.ts";
import { getOwn, setOwn } from "../base/own_keys.ts";
import { type FieldPath, isInside, parsePath, readPath } from "./field_path.ts";

/** A new name, and the fields that get it: of those present and not null, the last. */
export interface Renaming {
  readonly target: FieldPath;
  readonly sources: readonly FieldPath[];
}

/** The renamings of `renameFields`, by target; naming a field as it is called already is none. */
export function parseRenamings(
  renameFields: Readonly<Record<string, string>>,
  delimiter: string | undefined,
): Renaming[] {
  const byTarget = new Map<string, FieldPath[]>();
  for (const [source, target] of Object.entries(renameFields)) {
    if (source === target) continue;
    const sources = byTarget.get(target) ?? [];
    byTarget.set(target, [...sources, parsePath(source, delimiter)]);
  }
  const renamings = [...byTarget].map(([target, sources]) => ({
    target: parsePath(target, delimiter),
    sources,
  }));
  for (const { target: outer } of renamings) {
    const inner = renamings.find(({ target }) => isInside(target, outer));
    if (inner === undefined) continue;
    throw new PackflowError(
      "config.invalid",
      `Cannot rename fields to both "${outer.name}" and "${inner.target.name}" as no new name may lie inside another`,
      { place: { field: "renameFields" } },
    );
  }
  return renamings;
}

/**
 * The value that a renamed field has; undefined where no source is present. All sources are read before any field
 * moves, so that names can be swapped.
 */
export function readRenamed(
  record: EventRecord,
  renaming: Renaming,
  keysFirst: boolean,
): JsonValue | undefined {
  let found: JsonValue | undefined;
  for (let index = renaming.sources.length - 1; index >= 0; index--) {
    const source = renaming.sources[index];
    const value = source === undefined ? undefined : readPath(record, source, keysFirst);
    if (value !== undefined && value !== null) return value;
    if (value === null) found = null;
  }
  return found;
}

/**
 * Prepares a function that makes a copy of a record with its fields renamed: renamed fields come first, then the
 * others as they were. A renamed field replaces one that had its new name, unless it is null.
 */
export function createRename(
  renamings: readonly Renaming[],
  keysFirst: boolean,
): (record: EventRecord) => EventRecord {
  const sources = renamings.flatMap((renaming) => renaming.sources);
  const names = new Set(sources.map(({ name }) => name));
  const moved = new Set(
    sources.filter(({ segments }) => segments.length === 1 || keysFirst).map(({ name }) => name),
  );
  const inner = Map.groupBy(
    sources.filter(({ segments }) => segments.length > 1),
    ({ segments }) => segments[0] ?? "",
  );
  const targets = targetTree(renamings);
  return (record) => {
    const renamed: JsonObject = {};
    const replaced: string[] = [];
    for (const renaming of renamings) {
      const { name, segments } = renaming.target;
      const value = readRenamed(record, renaming, keysFirst);
      if (value === undefined) continue;
      const before = value === null && !names.has(name)
        ? readPath(record, renaming.target, keysFirst)
        : undefined;
      setInside(renamed, segments, before ?? value);
      // A key spelt like a nested new name is a field of that name too.
      if (segments.length > 1 && Object.hasOwn(record, name)) replaced.push(name);
    }
    for (const key of Object.keys(record)) {
      const value = getOwn(record, key);
      if (value === undefined || moved.has(key) || replaced.includes(key)) continue;
      const leaving = inner.get(key)?.filter((source) =>
        !keysFirst || (getOwn(record, source.name) ?? null) === null
      );
      place(renamed, [key, leaving === undefined ? value : without(value, leaving)], targets);
    }
    return renamed;
  };
}

/** New names as a tree of keys; null stands for the renamed field itself. */
interface Targets extends Map<string, Targets | null> {}

function targetTree(renamings: readonly Renaming[]): Targets {
  const tree: Targets = new Map();
  for (const { target } of renamings) {
    let node = tree;
    for (const key of target.segments.slice(0, -1)) {
      const below: Targets = node.get(key) ?? new Map();
      node.set(key, below);
      node = below;
    }
    node.set(target.segments.at(-1) ?? target.name, null);
  }
  return tree;
}

/** Sets a field in objects of our own making. */
function setInside(object: JsonObject, segments: readonly string[], value: JsonValue): void {
  let holder = object;
  for (const key of segments.slice(0, -1)) {
    const below = getOwn(holder, key);
    const next: JsonObject = isObject(below) ? below : {};
    setOwn<JsonValue>(holder, key, next);
    holder = next;
  }
  setOwn(holder, segments.at(-1) ?? "", value);
}

/** Adds a field that kept its name, where no renamed field took that; next to renamed fields inside an object. */
function place(renamed: JsonObject, [key, value]: [string, JsonValue], targets: Targets): void {
  const taken = getOwn(renamed, key);
  if (taken === undefined) {
    setOwn(renamed, key, value);
    return;
  }
  const inner = targets.get(key);
  // A tree below means that the object is ours: only renamed fields themselves are shared with the event.
  if (!inner || !isObject(taken) || !isObject(value)) return;
  for (const entry of Object.entries(value)) place(taken, entry, inner);
}

function without(value: JsonValue, sources: readonly FieldPath[]): JsonValue {
  return sources.reduce((rest, { segments }) => dropField(rest, segments, 1), value);
}

/** The value without one inner field, copied along the way to it. */
function dropField(value: JsonValue, segments: readonly string[], depth: number): JsonValue {
  const key = segments[depth];
  if (key === undefined || !isObject(value) || !Object.hasOwn(value, key)) return value;
  const copy: JsonObject = {};
  for (const [name, inner] of Object.entries(value)) {
    if (name !== key) setOwn(copy, name, inner);
    else if (depth < segments.length - 1) setOwn(copy, name, dropField(inner, segments, depth + 1));
  }
  return copy;
}
