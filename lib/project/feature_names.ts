import { isObject } from "../base/json.ts";

/** The names that a model's metadata gives the features of its rows. */
export interface NamedFeatures {
  /** The key of the metadata. */
  readonly key: string;
  readonly names: readonly string[];
}

/**
 * Keys under which people and tools keep the names, spelt without "_", "-", "." and capitals. ONNX has no rule for
 * them: these are scikit-learn's own name, LightGBM's and XGBoost's, and what scripts write by hand.
 */
const KEYS = [
  "featurenames",
  "featurenamesin",
  "featureorder",
  "featurecolumns",
  "featurelist",
  "features",
  "inputfeatures",
  "inputfeaturenames",
  "inputcolumns",
  "inputnames",
  "columnnames",
  "columns",
];

/** More names than any table has columns; a text that gives more is something else. */
const MOST_NAMES = 100_000;

/** The names of features in a model's metadata, the most telling key first; undefined where there are none. */
export function namedFeatures(metadata: Readonly<Record<string, string>>): NamedFeatures | undefined {
  const found = Object.entries(metadata)
    .map(([key, value]) => ({ key, value, rank: KEYS.indexOf(plainKey(key)) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank);
  for (const { key, value } of found) {
    const names = readNames(value);
    if (names !== undefined) return { key, names };
  }
  return undefined;
}

/** "my_model.feature_names_" is "featurenames": prefixes set apart by a dot, colon or slash do not count. */
function plainKey(key: string): string {
  return (key.split(/[.:/]/).at(-1) ?? "").replace(/[_\-\s]/g, "").toLowerCase();
}

/** The names in a text: JSON, a list as Python prints it, or names between commas, semicolons or line ends. */
function readNames(text: string): string[] | undefined {
  const trimmed = text.trim();
  const names = fromJson(trimmed) ?? fromPython(trimmed) ?? fromPlainText(trimmed);
  if (names === undefined || names.length === 0 || names.length > MOST_NAMES) return undefined;
  const isClear = new Set(names).size === names.length && names.every((name) => name.trim() !== "");
  return isClear ? names : undefined;
}

/** `["a", "b"]`; `{"a": 0, "b": 1}`, places by name; `{"0": "a"}`, names by place; `[{"name": "a"}]`. */
function fromJson(text: string): string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (Array.isArray(value)) {
    return allTexts(value.map((item) => isObject(item) ? item["name"] : item));
  }
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  const named = entries.every(([key]) => /^\d+$/.test(key))
    ? entries.map(([key, name]) => [Number(key), name] as const)
    : entries.map(([name, place]) => [place, name] as const);
  // Objects that hold types or statistics by name say nothing of the order.
  const isOrdered = named.every(([place]) => typeof place === "number") &&
    new Set(named.map(([place]) => place)).size === named.length;
  if (!isOrdered) return undefined;
  return allTexts(named.sort(([a], [b]) => Number(a) - Number(b)).map(([, name]) => name));
}

/** `['a', "b's"]`, `('a', 'b')`, `Index(['a', 'b'], dtype='object')`, `array(['a' 'b'])` or `['a' 'b']`. */
function fromPython(text: string): string[] | undefined {
  const list = /^(?:\w+\()?[[(]([\s\S]*?)[\])](?:,\s*dtype=[^)]*\))?\)?$/.exec(text)?.[1];
  if (list === undefined) return undefined;
  const names: string[] = [];
  const item = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*,?\s*/y;
  while (item.lastIndex < list.length) {
    const match = item.exec(list);
    if (match === null) return undefined;
    names.push((match[1] ?? match[2] ?? "").replace(/\\(.)/g, "$1"));
  }
  return names;
}

function fromPlainText(text: string): string[] | undefined {
  // What begins like JSON or a list and is neither was cut short, or is data.
  if (/^[[{("']/.test(text) || text === "") return undefined;
  const separator = ["\n", ";", ","].find((each) => text.includes(each)) ?? ",";
  return text.split(separator).map((name) => name.trim());
}

function allTexts(values: readonly unknown[]): string[] | undefined {
  const texts = values.filter((value) => typeof value === "string");
  return texts.length === values.length ? texts : undefined;
}
