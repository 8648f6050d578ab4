import type { ArchiveLimits } from "../archive/limits.ts";
import type { PackagedFile } from "../archive/package_manifest.ts";
import { isObject, type JsonValue } from "../base/json.ts";
import { type Contents, openContents, readText } from "./contents.ts";
import { SBOM_FILE } from "./generated_files.ts";
import { dependenciesOf, inspectModels } from "./inspect_project.ts";
import { valueText } from "./model_summary.ts";

/** Something that has one value in one package and another, or none, in the other. */
export interface Change<Value> {
  /** A file's path, a field such as `permissions.net`, or a package's name. */
  readonly name: string;
  /** Absent where it was added. */
  readonly before?: Value;
  /** Absent where it was removed. */
  readonly after?: Value;
}

/** How two packages or projects differ. */
export interface Difference {
  readonly before: Contents;
  readonly after: Contents;
  readonly files: readonly Change<PackagedFile>[];
  /** Of the manifest, field by field. */
  readonly manifest: readonly Change<JsonValue>[];
  /** Inputs and outputs of models that both have, by "path: input name". */
  readonly models: readonly Change<string>[];
  /** Versions of npm packages in the bundle. */
  readonly dependencies: readonly Change<string>[];
}

/**
 * Compares two packages or project folders by what they hold, whatever they are kept in.
 *
 * @throws {PackflowError} as `openContents`
 */
export async function diffProjects(
  before: string,
  after: string,
  limits: ArchiveLimits = {},
): Promise<Difference> {
  const [a, b] = [await openContents(before, limits), await openContents(after, limits)];
  const files = changes(byPath(a), byPath(b), sameFile);
  const changed = new Set(files.map(({ name }) => name));
  const [modelsA, modelsB] = [await modelValues(a, changed), await modelValues(b, changed)];
  const models = changes(modelsA.values, modelsB.values)
    .filter(({ name }) =>
      [modelsA, modelsB].every(({ paths }) => paths.some((path) => name.startsWith(`${path}: `)))
    );
  return {
    before: a,
    after: b,
    files,
    manifest: changes(fieldsOf(a), fieldsOf(b), sameJson),
    models,
    dependencies: changes(await versionsOf(a), await versionsOf(b)),
  };
}

/** Whether two packages hold the same. */
export function isSame({ files }: Difference): boolean {
  // All else is told of files.
  return files.length === 0;
}

function changes<Value>(
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
  same: (a: Value, b: Value) => boolean = Object.is,
): Change<Value>[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [a, b] = [before.get(name), after.get(name)];
    if (a !== undefined && b !== undefined && same(a, b)) return [];
    return [{ name, ...(a === undefined ? {} : { before: a }), ...(b === undefined ? {} : { after: b }) }];
  });
}

function byPath({ list }: Contents): Map<string, PackagedFile> {
  return new Map(list.files.map((file) => [file.path, file]));
}

function sameFile(a: PackagedFile, b: PackagedFile): boolean {
  return a.sha256 === b.sha256 && a.size === b.size && a.mode === b.mode;
}

function sameJson(a: JsonValue, b: JsonValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The fields of a manifest that hold no fields of their own, by their paths. */
function fieldsOf({ manifest }: Contents): Map<string, JsonValue> {
  const fields = new Map<string, JsonValue>();
  const add = (path: string, value: unknown) => {
    if (isObject(value) && Object.keys(value).length > 0) {
      for (const [key, inner] of Object.entries(value)) add(path === "" ? key : `${path}.${key}`, inner);
    } else if (value !== undefined) fields.set(path, JSON.parse(JSON.stringify(value)));
  };
  add("", manifest);
  return fields;
}

/** Inputs and outputs of the models that are not the same files in both. */
async function modelValues(contents: Contents, changed: ReadonlySet<string>) {
  const values = new Map<string, string>();
  const files = contents.list.files.filter(({ path }) => changed.has(path));
  const models = await inspectModels({ ...contents, list: { ...contents.list, files } });
  for (const { path, summary } of models) {
    for (const value of summary?.graph.inputs ?? []) {
      values.set(`${path}: input ${value.name}`, valueText(value));
    }
    for (const value of summary?.graph.outputs ?? []) {
      values.set(`${path}: output ${value.name}`, valueText(value));
    }
  }
  return { values, paths: models.flatMap(({ path, summary }) => summary === undefined ? [] : [path]) };
}

/** Versions by the package's name; of several at once, all of them. */
async function versionsOf(contents: Contents): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  for (const { name, version } of dependenciesOf(await readText(contents, SBOM_FILE))) {
    const others = versions.get(name);
    versions.set(name, others === undefined ? version : `${others}, ${version}`);
  }
  return versions;
}
