/**
 * `deno task build-sdk`: makes `templates/sdk/packflow.js` and its declarations, the copy of the SDK that lies in
 * every scaffolded project, so that `deno check` and `deno test` work there without a network.
 *
 * With `--check` nothing is written, and the exit code says whether the files are up to date.
 */
import { join } from "node:path";
import { dts } from "npm:rollup-plugin-dts@6.5.1";
import { type Plugin, rollup } from "npm:rollup@4.64.10";
import ts from "npm:typescript@6.0.3";
import { moduleGraph, npmFolders } from "./npm_cache.ts";
import { ROOT } from "./run_deno.ts";

/** Too large to copy into every project: fetched from npm on first use, where `deno` runs without `packflow`. */
const FETCHED = /\blib\/deps\/(ort_web|rollup|swc)\.ts$/;

/** A library inside the bundle. */
interface Library {
  readonly name: string;
  readonly folder: string;
  readonly code: string;
  readonly types: string;
}

/** The text of the files of `templates/sdk` by name. */
export async function buildSdk(): Promise<Record<string, string>> {
  const libraries = await findLibraries();
  const entry = join(ROOT, "mod.ts");
  const code = await bundle(entry, [resolveLibraries(libraries, "code"), fetchLater(), transpile()]);
  // it would name a file that projects do not have
  if (code.includes("import.meta.resolve")) {
    throw new Error("The bundle must not resolve files of the repository");
  }
  const types = await bundle(entry, [resolveLibraries(libraries, "types"), declarations(libraries)]);
  const notice = await licences(libraries);
  const header = `// deno-lint-ignore-file\n// deno-fmt-ignore-file\n${notice}`;
  return {
    "packflow.js": `// @ts-self-types="./packflow.d.ts"\n${header}${withoutComments(code)}`,
    "packflow.d.ts": `${header}${withoutVariance(types)}`,
  };
}

async function bundle(input: string, plugins: Plugin[]): Promise<string> {
  const bundled = await rollup({
    input,
    plugins,
    external: /^node:/,
    onwarn(warning) {
      // the others are about zod's inside: comments in odd places, modules that need each other
      if (warning.code === "UNRESOLVED_IMPORT") throw new Error(warning.message);
    },
  });
  const { output } = await bundled.generate({ format: "es", inlineDynamicImports: true });
  return output[0].code;
}

/** The npm: names that the SDK imports, and the files they stand for. */
async function findLibraries(): Promise<Map<string, Library>> {
  const { modules, npmPackages } = await moduleGraph("mod.ts", { cwd: ROOT });
  const folderOf = await npmFolders({ cwd: ROOT });
  const libraries = new Map<string, Library>();
  const imports = modules.filter(({ specifier }) => !FETCHED.test(specifier)).flatMap((module) =>
    module.dependencies ?? []
  );
  for (const { specifier, npmPackage: id } of imports) {
    const found = npmPackages[id ?? ""];
    if (found === undefined) continue;
    const folder = folderOf(found);
    const { exports, module, main, types, typings } = JSON.parse(
      await Deno.readTextFile(join(folder, "package.json")),
    );
    libraries.set(specifier, {
      name: found.name,
      folder,
      code: join(folder, exports?.["."]?.import ?? module ?? main ?? "index.js"),
      types: join(folder, exports?.["."]?.types ?? types ?? typings ?? "index.d.ts"),
    });
  }
  return libraries;
}

/** Finds the modules of libraries, of zod without the languages other than English. */
function resolveLibraries(libraries: ReadonlyMap<string, Library>, kind: "code" | "types"): Plugin {
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

/** Makes the large libraries modules of their own, behind names that `deno check` does not follow. */
function fetchLater(): Plugin {
  return {
    name: "fetch-later",
    async resolveDynamicImport(specifier, importer) {
      if (typeof specifier !== "string") return null;
      const path = join(importer, "..", specifier);
      if (!FETCHED.test(path)) return null;
      const code = withoutComments(
        ts.transpileModule(await Deno.readTextFile(path), TO_JAVASCRIPT).outputText,
      );
      return { id: `data:text/javascript,${encodeURIComponent(code)}`, external: true };
    },
    renderDynamicImport({ targetModuleId }) {
      // an expression is no name that a module graph could follow
      return targetModuleId?.startsWith("data:") ? { left: "import([", right: '].join(""))' } : null;
    },
  };
}

const TO_JAVASCRIPT = {
  compilerOptions: {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
  },
};

/** Turns TypeScript into JavaScript; what was `mod.ts` is the bundle itself. */
function transpile(): Plugin {
  return {
    name: "transpile",
    transform(code, id) {
      if (!id.endsWith(".ts")) return null;
      const { outputText } = ts.transpileModule(code, TO_JAVASCRIPT);
      return outputText.replace('import.meta.resolve("../../mod.ts")', "import.meta.url");
    },
  };
}

function declarations(libraries: ReadonlyMap<string, Library>): Plugin {
  return dts({
    compilerOptions: {
      paths: Object.fromEntries([...libraries].map(([name, { types }]) => [name, [types]])),
      allowImportingTsExtensions: true,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      target: ts.ScriptTarget.ESNext,
      // types are checked by `deno check`, which knows Deno's own
      noCheck: true,
      types: [],
    },
  });
}

function withoutComments(code: string): string {
  return ts.transpileModule(code, {
    compilerOptions: { ...TO_JAVASCRIPT.compilerOptions, removeComments: true },
  }).outputText;
}

/** The declarations without `in` and `out` where TypeScript refuses them: in the aliases that the bundling made. */
function withoutVariance(types: string): string {
  return types.replaceAll(/^type \w+_d_.*$/gm, (alias) => alias.replaceAll(/(?<=[<,] ?)(?:in |out )+/g, ""));
}

/** The licences of what the bundle holds, which ask to be kept with every copy. */
async function licences(libraries: ReadonlyMap<string, Library>): Promise<string> {
  const texts: string[] = ["Packflow's SDK, generated by `deno task build-sdk` (Apache-2.0)."];
  for (const { name, folder } of libraries.values()) {
    for await (const file of Deno.readDir(folder)) {
      if (!/^licen[cs]e/i.test(file.name)) continue;
      texts.push(`${name}:\n${await Deno.readTextFile(join(folder, file.name))}`);
    }
  }
  const lines = texts.join("\n").trimEnd().split("\n");
  return `/*!\n${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */\n`;
}

if (import.meta.main) {
  const folder = join(ROOT, "templates", "sdk");
  for (const [name, text] of Object.entries(await buildSdk())) {
    const file = join(folder, name);
    const before = await Deno.readTextFile(file).catch(() => undefined);
    if (before === text) console.log(`ok ${name}: ${(text.length / 1e3).toFixed(0)} kB`);
    else if (Deno.args.includes("--check")) {
      console.log(`FAILED ${name} is out of date: run deno task build-sdk`);
      Deno.exitCode = 1;
    } else {
      await Deno.mkdir(folder, { recursive: true });
      await Deno.writeTextFile(file, text);
      console.log(`wrote ${name}: ${(text.length / 1e3).toFixed(0)} kB`);
    }
  }
}
