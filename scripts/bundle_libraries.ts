/** What the bundles that our scripts make have in common: third-party code comes from Deno's cache of npm packages. */
import { join } from "node:path";
import type { Plugin } from "npm:rollup@4.64.10";
import ts from "npm:typescript@6.0.3";
import { moduleGraph, npmFolders } from "./npm_cache.ts";
import { ROOT } from "./run_deno.ts";

/** A library inside a bundle. */
export interface Library {
  readonly name: string;
  readonly folder: string;
  readonly code: string;
  readonly types: string;
}

/** The npm: names that an entry and what it needs import, and the files they stand for. */
export async function findLibraries(entry: string, leftOut: RegExp): Promise<Map<string, Library>> {
  const { modules, npmPackages } = await moduleGraph(entry, { cwd: ROOT });
  const folderOf = await npmFolders({ cwd: ROOT });
  const libraries = new Map<string, Library>();
  const imports = modules.filter(({ specifier }) => !leftOut.test(specifier)).flatMap((module) =>
    module.dependencies ?? []
  );
  for (const { specifier, npmPackage: id } of imports) {
    const found = npmPackages[id ?? ""];
    if (found === undefined) continue;
    const folder = folderOf(found);
    const { exports, module, main, types, typings } = JSON.parse(
      await Deno.readTextFile(join(folder, "package.json")),
    );
    const exported = exports?.["."] ?? exports;
    libraries.set(specifier, {
      name: found.name,
      folder,
      code: join(folder, importedFile(exported) ?? module ?? main ?? "index.js"),
      types: join(folder, exported?.types ?? types ?? typings ?? "index.d.ts"),
    });
  }
  return libraries;
}

/** What a package's `exports` say that `import` loads. */
function importedFile(exported: unknown): string | undefined {
  if (typeof exported === "string") return exported;
  if (typeof exported !== "object" || exported === null) return undefined;
  const { import: imported, default: other }: { import?: unknown; default?: unknown } = exported;
  return importedFile(imported ?? other);
}

/** Finds the modules of libraries, of zod without the languages other than English. */
export function resolveLibraries(libraries: ReadonlyMap<string, Library>, kind: "code" | "types"): Plugin {
  const suffix = kind === "code" ? ".js" : ".d.ts";
  return {
    name: "libraries",
    async resolveId(source, importer) {
      const library = libraries.get(source);
      if (library !== undefined) return { id: library[kind], moduleSideEffects: false };
      if (importer === undefined || !source.startsWith(".")) return null;
      const path = join(importer, "..", source);
      const candidates = [path, path.replace(/\.js$/, suffix), path + suffix].filter((file) => {
        return kind === "code" || /\.(d\.)?ts$/.test(file);
      });
      for (const id of candidates) {
        if (await Deno.stat(id).then(({ isFile }) => isFile, () => false)) {
          return { id, moduleSideEffects: false };
        }
      }
      return null;
    },
    load(id) {
      return /zod\/[^/]+\/v4\/locales\/index(\.d\.ts|\.js)$/.test(id)
        ? 'export { default as en } from "./en.js";'
        : null;
    },
  };
}

const TO_JAVASCRIPT = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
};

/** TypeScript as JavaScript. */
export function toJavaScript(code: string): string {
  return ts.transpileModule(code, { compilerOptions: TO_JAVASCRIPT }).outputText;
}

export function withoutComments(code: string): string {
  return ts.transpileModule(code, { compilerOptions: { ...TO_JAVASCRIPT, removeComments: true } }).outputText;
}

/**
 * Turns TypeScript and JSON into JavaScript.
 *
 * @param packflow An expression for the URL of what was `mod.ts`.
 */
export function transpile(packflow: string): Plugin {
  return {
    name: "transpile",
    transform(code, id) {
      if (id.endsWith(".json")) return `export default ${code}`;
      if (!id.endsWith(".ts")) return null;
      return toJavaScript(code).replace('import.meta.resolve("../../mod.ts")', packflow);
    },
  };
}

/** The licences of what a bundle holds, which ask to be kept with every copy. */
export async function licences(libraries: ReadonlyMap<string, Library>): Promise<string> {
  const texts: string[] = [];
  for (const { name, folder } of libraries.values()) {
    for await (const file of Deno.readDir(folder)) {
      if (!/^licen[cs]e/i.test(file.name)) continue;
      texts.push(`${name}:\n${await Deno.readTextFile(join(folder, file.name))}`);
    }
  }
  return texts.join("\n").trimEnd();
}
