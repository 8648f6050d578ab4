import { messageOf, type PackflowError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import type { RollupError } from "../deps/rollup.ts";
import { resolvePath } from "../host/path.ts";
import { placeBundle, type PortableBundle, portableBundle } from "./portable_bundle.ts";
import { ProjectModules } from "./project_modules.ts";
import { sourceError } from "./source_error.ts";

/** What to bundle. */
export interface BundleOptions {
  /** The project's folder. */
  readonly folder: string;
  /** The module to start from, relative to the folder. */
  readonly entry: string;
  /** What imports of "packflow" become; left as they are when left out. */
  readonly packflow?: string;
}

/** One module made of a project's modules, for one place on one machine. */
export interface Bundle {
  /** An ES module; its inline source map leads to the file: URLs of the project's files. */
  readonly code: string;
  /** The project's own files that went in, relative to the folder, sorted. */
  readonly modules: string[];
}

/**
 * Makes one ES module of a project's backend and all it imports: the project's files and npm packages.
 *
 * @throws {PackflowError} What {@linkcode makeBundle} throws.
 */
export async function bundleProject({ folder, entry, packflow }: BundleOptions): Promise<Bundle> {
  const place = { folder: resolvePath(folder), ...(packflow === undefined ? {} : { packflow }) };
  return placeBundle(await makeBundle(place.folder, entry), place);
}

/**
 * Makes the same without a word of where the project lies: equal files give equal bytes anywhere.
 *
 * @throws {PackflowError} `backend.module_not_found`, `backend.syntax_error`, `backend.missing_export`,
 * `loader.*`: each with file, line and column.
 */
export async function makeBundle(folder: string, entry: string): Promise<PortableBundle> {
  const [{ rollup }, { transformSync }, { commonjs }] = await Promise.all([
    import("../deps/rollup.ts"),
    import("../deps/swc.ts"),
    import("../deps/commonjs.ts"),
  ]);
  const modules = new ProjectModules(folder, transformSync);
  try {
    const build = await rollup({
      input: modules.entryId(entry),
      plugins: [modules.plugin(), commonjs(COMMONJS)],
      // What the author wrote runs as written: dropping code could drop what a getter or an import does.
      treeshake: false,
      onLog: () => {},
    });
    const mark = modules.unusedWord();
    const { output: [chunk] } = await build.generate({
      format: "es",
      sourcemap: "hidden",
      sourcemapExcludeSources: true,
      inlineDynamicImports: true,
      paths: { packflow: mark },
    });
    return portableBundle({ ...chunk, mark }, modules.facts(entry));
  } catch (error) {
    throw modules.failure ?? rollupError(error, modules);
  }
}

/** How CommonJS is read: the project's own code is none, and in packages it means what it means in Deno. */
const COMMONJS = {
  include: /\/node_modules\//,
  extensions: [".js", ".cjs", ".json"],
  defaultIsModuleExports: true,
  ignoreTryCatch: false,
};

/** What the bundler itself refuses: JavaScript it cannot parse, names that a module does not export. */
function rollupError(error: unknown, modules: ProjectModules): PackflowError {
  const known: Partial<RollupError> = isObject(error) ? error : {};
  const file = (known.loc?.file ?? known.id ?? "").replace(/^\//, "");
  const source = modules.source(file);
  // The bundler counts columns from 0.
  const place = known.loc === undefined
    ? { file }
    : { file, line: known.loc.line, column: known.loc.column + 1 };
  if (known.code === "MISSING_EXPORT" && known.binding !== undefined) {
    const { binding, exporter = "" } = known;
    return sourceError({
      code: "backend.missing_export",
      message: `Cannot import "${binding}" in "${file}" as "${exporter.replace(/^\//, "")}" must export it`,
      remedy: "Export it there; a type is imported with `import type` and passed on with `export type`",
      ...place,
      cause: error,
    }, source);
  }
  const language = /\.m?ts$/.test(file) ? "TypeScript" : "JavaScript";
  return sourceError({
    code: "backend.syntax_error",
    message: `Cannot parse "${file}" as it must be valid ${language}: ${reasonOf(error)}`,
    ...place,
    cause: error,
  }, source);
}

/** The bundler puts file, line and column in front of its messages. */
function reasonOf(error: unknown): string {
  return messageOf(error).replace(/^\S+ \(\d+:\d+\): /, "");
}
