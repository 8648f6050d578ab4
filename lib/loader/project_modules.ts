import { PackflowError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import type { Plugin } from "../deps/rollup.ts";
import type { transformSync } from "../deps/swc.ts";
import { positionAt } from "../config/text_position.ts";
import { readTextFile } from "../host/files.ts";
import { joinPath } from "../host/path.ts";
import { compileModule } from "./compile_module.ts";
import { findComputedImport, findImport } from "./find_import.ts";
import { importMeta } from "./import_meta.ts";
import { findWasmFile } from "./native_code.ts";
import { isInPackage } from "./npm_packages.ts";
import { parseNpmSpecifier } from "./npm_specifier.ts";
import { PackageRecords } from "./package_records.ts";
import { type ImportProblem, ImportResolver, resolveFile } from "./resolve_import.ts";
import { type BundleFacts, sha256Hex } from "./portable_bundle.ts";
import { sourceError } from "./source_error.ts";

/**
 * The files of a project as the bundler sees them. Their ids are their paths in the project with a slash in front,
 * so that a bundle does not depend on where the project lies, and no id can name a file outside.
 */
export class ProjectModules {
  /** The first error of our own: the bundler rewrites the errors that pass through it. */
  failure: unknown;
  /** The npm packages that were imported. */
  readonly packages: PackageRecords;
  readonly #folder: string;
  readonly #transform: typeof transformSync;
  readonly #resolver: ImportResolver;
  readonly #sources = new Map<string, string>();

  constructor(folder: string, transform: typeof transformSync) {
    this.#folder = folder;
    this.#transform = transform;
    this.#resolver = new ImportResolver(folder);
    this.packages = new PackageRecords(this.#resolver);
  }

  /** The id of the module to start from. */
  entryId(entry: string): string {
    return `/${entry}`;
  }

  /** The project's own files read so far, sorted. */
  files(): string[] {
    return [...this.#sources.keys()].filter((file) => !isInPackage(file)).sort();
  }

  /** What a bundle of these modules is made of. */
  facts(entry: string): BundleFacts {
    return {
      entry,
      modules: this.files().map((path) => ({ path, sha256: sha256Hex(this.#sources.get(path) ?? "") })),
      packages: this.packages.list(),
      imports: this.packages.direct(),
    };
  }

  /** A word as long as "packflow" that no file has. */
  unusedWord(): string {
    const sources = [...this.#sources.values()];
    let word = "packfl00";
    for (let count = 1; sources.some((source) => source.includes(word)); count++) {
      word = `packfl${count.toString(36).padStart(2, "0")}`;
    }
    return word;
  }

  /** The text of a file that was read. */
  source(file: string): string | undefined {
    return this.#sources.get(file);
  }

  /** Joins this to the bundler. */
  plugin(): Plugin {
    return {
      name: "packflow",
      resolveId: (specifier, importer, { custom }) =>
        isForeign(specifier) ? null : this.#keepFailure(() => {
          const isRequire = custom?.["node-resolve"]?.isRequire === true;
          return this.#resolve(specifier, importer, isRequire);
        }),
      resolveDynamicImport: (specifier, importer) =>
        typeof specifier === "string" ? null : this.#keepFailure(() => this.#refuseComputed(importer)),
      load: (id) => isForeign(id) ? null : this.#keepFailure(() => this.#load(id)),
      // In this hook, so that the bundler maps the places of its own errors back to the source.
      transform: (source, id) => isForeign(id) ? null : this.#keepFailure(() => this.#compile(source, id)),
      resolveImportMeta: (property, { moduleId }) => importMeta(property, moduleId.slice(1)),
    };
  }

  async #keepFailure<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.failure ??= error;
      throw new Error("The bundler must stop", { cause: error });
    }
  }

  async #resolve(
    specifier: string,
    importer: string | undefined,
    isRequire: boolean,
  ): Promise<string | { id: string; external: true }> {
    if (importer === undefined) return await this.#resolveEntry(specifier.slice(1));
    const from = importer.slice(1);
    const found = await this.#resolver.resolve(from, specifier, isRequire);
    if (found.kind === "external") return { id: found.specifier, external: true };
    if (found.kind === "problem") {
      if (isRequire && await this.#isOptional(from, found.code, specifier)) return missingId(specifier);
      throw this.#importError(specifier, from, found);
    }
    if (isInPackage(found.path)) {
      const wrong = await this.packages.add(found.path, from);
      if (wrong !== undefined) throw this.#importError(specifier, from, wrong);
    }
    return `/${found.path}`;
  }

  /**
   * Whether a require may fail when it runs, as in Node.js: packages try whether others are there. What a package
   * depends on must be there.
   */
  async #isOptional(from: string, code: PackflowError["code"], specifier: string): Promise<boolean> {
    if (code === "loader.unresolved_import") return true;
    if (code !== "loader.not_installed") return false;
    const owner = await (await this.#resolver.context()).packages.owner(from);
    const dependencies = owner?.json["dependencies"];
    const name = parseNpmSpecifier(specifier)?.name ?? "";
    const optional = owner?.json["optionalDependencies"];
    return !(isObject(dependencies) && Object.hasOwn(dependencies, name)) ||
      (isObject(optional) && Object.hasOwn(optional, name));
  }

  #importError(
    specifier: string,
    from: string,
    { code, reason, remedy }: ImportProblem,
  ): PackflowError {
    const source = this.#sources.get(from) ?? "";
    return sourceError({
      code,
      message: `Cannot import "${specifier}" in "${from}" as ${reason}`,
      file: from,
      remedy,
      ...findImport(source, specifier),
    }, source);
  }

  #refuseComputed(importer: string): never {
    const file = importer.slice(1);
    const source = this.#sources.get(file) ?? "";
    throw sourceError({
      code: "loader.computed_import",
      message: `Cannot bundle "${file}" as the name of what import() imports must be written out`,
      file,
      ...findComputedImport(source),
    }, source);
  }

  async #resolveEntry(entry: string): Promise<string> {
    const found = await resolveFile(this.#folder, entry);
    if (found.kind === "file") return `/${found.path}`;
    const code = found.kind === "problem" && found.code === "loader.outside_project"
      ? found.code
      : "backend.module_not_found";
    const reason = found.kind === "problem" ? found.reason : "it must be a file";
    throw new PackflowError(code, `Cannot load the backend from "${entry}" as ${reason}`, {
      place: { file: entry },
    });
  }

  async #load(id: string): Promise<string> {
    const file = id.slice(1);
    if (file.startsWith(MISSING)) return missingModule(file);
    let source: string;
    try {
      source = await readTextFile(joinPath(this.#folder, file));
    } catch (cause) {
      const what = cause instanceof TypeError ? "UTF-8 text" : "a readable file";
      throw new PackflowError("backend.syntax_error", `Cannot read "${file}" as it must be ${what}`, {
        cause,
        place: { file },
      });
    }
    this.#sources.set(file, source);
    if (isInPackage(file)) await this.packages.addFile(file, source);
    return source;
  }

  #compile(source: string, id: string) {
    const file = id.slice(1);
    if (!isInPackage(file)) return compileModule(file, source, this.#transform);
    // As CommonJS, so that require answers the value itself.
    if (file.endsWith(".json")) {
      const { code } = compileModule(file, source, this.#transform);
      return { code: code.replace("export default", "module.exports ="), map: null };
    }
    const wasm = findWasmFile(source);
    if (wasm === undefined) return null;
    throw sourceError({
      code: "loader.needs_file",
      message: `Cannot bundle "${file}" as it reads the file "${wasm.file}" when it runs`,
      file,
      ...positionAt(source, wasm.offset),
    }, source);
  }
}

const MISSING = "node_modules/.missing/";

/** The id of a module that throws as `require` does where there is no such module. */
function missingId(specifier: string): string {
  return `/${MISSING}${encodeURIComponent(specifier)}.cjs`;
}

function missingModule(file: string): string {
  const specifier = decodeURIComponent(file.slice(MISSING.length, -".cjs".length));
  const message = JSON.stringify(`Cannot find module "${specifier}"`);
  return `module.exports = undefined;\nthrow Object.assign(new Error(${message}), { code: "MODULE_NOT_FOUND" });\n`;
}

/** Modules that another plugin makes. */
function isForeign(id: string): boolean {
  return id.startsWith("\0") || id.includes("?commonjs-");
}
