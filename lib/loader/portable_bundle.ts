import type { SourceMap } from "../deps/rollup.ts";
import { encodeBase64 } from "../host/base64.ts";
import { createSha256 } from "../host/digest.ts";
import { joinPath, PATH_SEPARATOR, toFileUrl } from "../host/path.ts";
import type { Bundle } from "./bundle_project.ts";
import { ROOT_LINE, ROOT_VARIABLE, rootLine } from "./import_meta.ts";

/** An npm package whose code is in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As its package.json says, if it does. */
  readonly license?: string;
  /** Hash of the archive it was installed from, such as "sha512-…", as the project's lock file has it. */
  readonly integrity?: string;
  /** How many of its files are in the bundle. */
  readonly files: number;
  /** SHA-256 over the lines `SHA256 PATH` of those files, sorted, each ended by a line feed. */
  readonly sha256: string;
  /** The packages that it imports, as `name@version`, sorted. */
  readonly imports: readonly string[];
}

/** What a bundle is made of. */
export interface BundleFacts {
  /** The module that it was made from, relative to the project. */
  readonly entry: string;
  /** The project's own files in it, sorted by path. */
  readonly modules: readonly { readonly path: string; readonly sha256: string }[];
  /** The npm packages in it, sorted by name and version. */
  readonly packages: readonly BundledPackage[];
  /** Those of them that the project imports itself, as `name@version`, sorted. */
  readonly imports: readonly string[];
}

/** The part of a source map that matters here. */
export interface BundleMap {
  /** Relative to the project. */
  readonly sources: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** A bundle that does not depend on where the project lies. */
export interface PortableBundle {
  /** An ES module that imports `packflow` by this name. */
  readonly code: string;
  /** Where in the code, in UTF-16 units, the name stands in an import. */
  readonly sdkAt: readonly number[];
  readonly map: BundleMap;
  readonly facts: BundleFacts;
}

/** What the bundler answers. */
interface Chunk {
  readonly code: string;
  readonly map: SourceMap | null;
  /** What stands in the place of "packflow" in imports. */
  readonly mark: string;
}

const SDK = "packflow";

/** Makes a bundle of what the bundler answers. */
export function portableBundle({ code, map, mark }: Chunk, facts: BundleFacts): PortableBundle {
  const { sources = [], names = [], mappings = "" } = map ?? {};
  // Modules that no file stands behind are the bundler's own.
  const named = sources.map((source) => source.includes("\0") ? "node_modules/.packflow/commonjs" : source);
  const isPlaced = code.includes(ROOT_VARIABLE);
  const whole = isPlaced ? ROOT_LINE + code : code;
  return {
    code: whole.replaceAll(mark, SDK),
    sdkAt: [...whole.matchAll(new RegExp(mark, "g"))].map(({ index }) => index),
    map: { sources: named, names, mappings: isPlaced ? `;${mappings}` : mappings },
    facts,
  };
}

/** Where a bundle is to run. */
export interface BundlePlace {
  /** The project's folder, absolute. */
  readonly folder: string;
  /** What imports of "packflow" become; left as they are when left out. */
  readonly packflow?: string;
}

/** Makes a bundle fit for one place. */
export function placeBundle(bundle: PortableBundle, { folder, packflow = SDK }: BundlePlace): Bundle {
  let code = bundle.code;
  // A quote would end the string it stands in.
  const sdk = packflow.replaceAll("'", "%27");
  for (const at of [...bundle.sdkAt].reverse()) code = code.slice(0, at) + sdk + code.slice(at + SDK.length);
  if (code.startsWith(ROOT_LINE)) {
    const path = folder.endsWith(PATH_SEPARATOR) ? folder : folder + PATH_SEPARATOR;
    const line = rootLine({ url: toFileUrl(path), path, separator: PATH_SEPARATOR });
    code = line + code.slice(ROOT_LINE.length);
  }
  const sources = bundle.map.sources.map((source) => toFileUrl(joinPath(folder, source)));
  const map = encodeBase64(JSON.stringify({ version: 3, file: "", ...bundle.map, sources }));
  return {
    code: `${code}//# sourceMappingURL=data:application/json;base64,${map}\n`,
    modules: bundle.facts.modules.map(({ path }) => path),
  };
}

/** SHA-256 of a text, in hexadecimal. */
export function sha256Hex(text: string): string {
  const hash = createSha256();
  hash.update(new TextEncoder().encode(text));
  return hash.hex();
}
