import { messageOf, type PackflowError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import type { RollupError, SourceMap } from "../deps/rollup.ts";
import { encodeBase64 } from "../host/base64.ts";
import { joinPath, resolvePath, toFileUrl } from "../host/path.ts";
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

/** One module made of a project's modules. */
export interface Bundle {
  /** An ES module; its inline source map leads to the file: URLs of the project's files. */
  readonly code: string;
  /** The project's files that went in, relative to the folder, sorted. */
  readonly modules: string[];
}

/**
 * Makes one ES module of a project's backend and all it imports from the project.
 *
 * @throws {PackflowError} `backend.module_not_found`, `backend.syntax_error`, `backend.missing_export`,
 * `loader.unresolved_import`, `loader.outside_project`: each with file, line and column.
 */
export async function bundleProject(options: BundleOptions): Promise<Bundle> {
  const folder = resolvePath(options.folder);
  const [{ rollup }, { transformSync }] = await Promise.all([
    import("../deps/rollup.ts"),
    import("../deps/swc.ts"),
  ]);
  const modules = new ProjectModules(folder, transformSync);
  try {
    const build = await rollup({
      input: modules.entryId(options.entry),
      plugins: [modules.plugin()],
      // What the author wrote runs as written: dropping code could drop what a getter or an import does.
      treeshake: false,
      onLog: () => {},
    });
    const { output: [chunk] } = await build.generate({
      format: "es",
      sourcemap: "hidden",
      sourcemapExcludeSources: true,
      inlineDynamicImports: true,
      ...(options.packflow === undefined ? {} : { paths: { packflow: options.packflow } }),
    });
    return { code: chunk.code + inlineMap(chunk.map, folder), modules: modules.files() };
  } catch (error) {
    throw modules.failure ?? rollupError(error, modules);
  }
}

function inlineMap(map: SourceMap | null, folder: string): string {
  if (map === null) return "";
  const sources = map.sources.map((source) => toFileUrl(joinPath(folder, source)));
  const json = JSON.stringify({ ...map, file: "", sources });
  return `//# sourceMappingURL=data:application/json;base64,${encodeBase64(json)}\n`;
}

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
