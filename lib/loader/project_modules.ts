import { PackflowError } from "../base/errors.ts";
import type { Plugin } from "../deps/rollup.ts";
import type { transformSync } from "../deps/swc.ts";
import { readTextFile } from "../host/files.ts";
import { dirname, joinPath, toFileUrl } from "../host/path.ts";
import { compileModule } from "./compile_module.ts";
import { findImport } from "./find_import.ts";
import { resolveFile, resolveImport } from "./resolve_import.ts";
import { sourceError } from "./source_error.ts";

/**
 * The files of a project as the bundler sees them. Their ids are their paths in the project with a slash in front,
 * so that a bundle does not depend on where the project lies, and no id can name a file outside.
 */
export class ProjectModules {
  /** The first error of our own: the bundler rewrites the errors that pass through it. */
  failure: unknown;
  readonly #folder: string;
  readonly #transform: typeof transformSync;
  readonly #sources = new Map<string, string>();

  constructor(folder: string, transform: typeof transformSync) {
    this.#folder = folder;
    this.#transform = transform;
  }

  /** The id of the module to start from. */
  entryId(entry: string): string {
    return `/${entry}`;
  }

  /** The files read so far, sorted. */
  files(): string[] {
    return [...this.#sources.keys()].sort();
  }

  /** The text of a file that was read. */
  source(file: string): string | undefined {
    return this.#sources.get(file);
  }

  /** Joins this to the bundler. */
  plugin(): Plugin {
    return {
      name: "packflow",
      resolveId: (specifier, importer) => this.#keepFailure(() => this.#resolve(specifier, importer)),
      load: (id) => this.#keepFailure(() => this.#load(id)),
      // In this hook, so that the bundler maps the places of its own errors back to the source.
      transform: (source, id) => this.#keepFailure(() => compileModule(id.slice(1), source, this.#transform)),
      resolveImportMeta: (property, { moduleId }) => this.#importMeta(property, moduleId),
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
  ): Promise<string | { id: string; external: true }> {
    if (importer === undefined) return await this.#resolveEntry(specifier.slice(1));
    const from = importer.slice(1);
    const found = await resolveImport(this.#folder, from, specifier);
    if (found.kind === "file") return `/${found.path}`;
    if (found.kind === "external") return { id: found.specifier, external: true };
    const source = this.#sources.get(from) ?? "";
    throw sourceError({
      code: found.code,
      message: `Cannot import "${specifier}" in "${from}" as ${found.reason}`,
      file: from,
      remedy: found.remedy,
      ...findImport(source, specifier),
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
    return source;
  }

  /** What `import.meta` says in the project's own file, not in the bundle. */
  #importMeta(property: string | null, moduleId: string): string | null {
    const filename = joinPath(this.#folder, moduleId.slice(1));
    const url = JSON.stringify(toFileUrl(filename));
    const members: Record<string, string> = {
      url,
      filename: JSON.stringify(filename),
      dirname: JSON.stringify(dirname(filename)),
      main: "false",
      resolve: `((specifier) => new URL(specifier, ${url}).href)`,
    };
    if (property !== null) return Object.hasOwn(members, property) ? members[property] ?? null : "undefined";
    return `({ ${Object.entries(members).map(([name, value]) => `${name}: ${value}`).join(", ")} })`;
  }
}
