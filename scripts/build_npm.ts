/**
 * `deno task build-npm`: makes `dist/npm`, the module as npm publishes it. It is mod.ts as one file with its types, for
 * Node, and what `deno task build-browser` makes, for pages. The command line is not in it, and `loadBackend` neither:
 * they are for Deno and the binary.
 */
import { dirname, join } from "node:path";
import { type Plugin, rollup, type RollupBuild } from "npm:rollup@4.64.10";
import deno from "../deno.json" with { type: "json" };
import { buildBrowser, writeEntry } from "./build_browser.ts";
import { declarations, notice, withoutVariance } from "./build_sdk.ts";
import { findLibraries, resolveLibraries } from "./bundle_libraries.ts";
import { ROOT } from "./run_deno.ts";
import { toJavaScript } from "./to_javascript.ts";

/** Libraries that npm installs beside, as they are large and loaded on first use. */
const INSTALLED = /\blib\/deps\/ort_web(gpu)?\.ts$/;

/** Those, and what only `loadBackend` needs. */
const NOT_BUNDLED = /\blib\/deps\/(commonjs|ort_web|ort_webgpu|rollup|semver|swc)\.ts$/;

/** What stands for `Deno` in Node: https://github.com/denoland/node_shims (MIT). */
const SHIM = { name: "@deno/shim-deno", version: "0.19.2" };

/** Writes the package to a folder, and answers the names of its files. */
export async function buildNpm(folder: string): Promise<string[]> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  const installed = new Map([[SHIM.name, SHIM.version]]);
  const names = await writeModule(folder, installed);
  await Deno.writeTextFile(join(folder, "package.json"), packageJson(installed));
  for (const name of ["LICENSE", "CHANGELOG.md"]) await Deno.copyFile(join(ROOT, name), join(folder, name));
  await Deno.copyFile(join(ROOT, "scripts", "release", "npm_readme.md"), join(folder, "README.md"));
  const browser = await buildBrowser(join(folder, "browser"));
  return [
    ...names,
    ...["package.json", "LICENSE", "CHANGELOG.md", "README.md"],
    ...browser.map((name) => `browser/${name}`),
  ];
}

/** Writes the module for Node and its types; notes the packages it imports, with their versions. */
async function writeModule(folder: string, installed: Map<string, string>): Promise<string[]> {
  const libraries = await findLibraries("mod.ts", NOT_BUNDLED);
  const header = await notice(libraries);
  const entry = await writeEntry();
  try {
    const code = await bundle(entry, [
      resolveLibraries(libraries, "code"),
      toInstalled(installed),
      toJavaScript(),
      ownAddress(),
    ]);
    const { output: [{ code: text }] } = await code.generate({ format: "es", inlineDynamicImports: true });
    await Deno.writeTextFile(
      join(folder, "packflow.js"),
      `${header}import { Deno } from "${SHIM.name}";\n${text}`,
    );
    const types = await bundle(entry, [resolveLibraries(libraries, "types"), declarations(libraries)]);
    const { output: [{ code: declared }] } = await types.generate({
      format: "es",
      inlineDynamicImports: true,
    });
    await Deno.writeTextFile(join(folder, "packflow.d.ts"), `${header}${withoutVariance(declared)}`);
    return ["packflow.js", "packflow.d.ts"];
  } finally {
    await Deno.remove(entry);
  }
}

async function bundle(input: string, plugins: Plugin[]): Promise<RollupBuild> {
  return await rollup({
    input,
    plugins,
    external: /^node:/,
    treeshake: { moduleSideEffects: false },
    onwarn({ code, message }) {
      // the others are about zod's inside: comments in odd places, modules that need each other
      if (code === "UNRESOLVED_IMPORT" || code === "MISSING_EXPORT") throw new Error(message);
    },
  });
}

/** Imports what `lib/deps` has of a large library from npm's own package of it, and notes its version. */
function toInstalled(installed: Map<string, string>): Plugin {
  return {
    name: "to-installed",
    async resolveDynamicImport(specifier, importer) {
      const path = typeof specifier === "string" ? join(dirname(importer), specifier) : "";
      if (!INSTALLED.test(path)) return null;
      const [, name, version, rest = ""] =
        /"npm:((?:@[^/]+\/)?[^@/]+)@([^/"]+)(\/[^"]*)?"/.exec(await Deno.readTextFile(path)) ?? [];
      if (name === undefined || version === undefined) throw new Error(`${path} must import from npm:`);
      installed.set(name, version);
      return { id: name + rest, external: true };
    },
  };
}

/** Where the SDK lies, when it is this package's one module. */
function ownAddress(): Plugin {
  return {
    name: "own-address",
    transform: (code) => code.replace('import.meta.resolve("../../mod.ts")', "import.meta.url"),
  };
}

function packageJson(installed: ReadonlyMap<string, string>): string {
  const description = {
    name: deno.name,
    version: deno.version,
    description: "Write inference code once, serve a single event and a batch of events with it.",
    license: deno.license,
    keywords: ["inference", "machine-learning", "onnx", "streams", "events"],
    type: "module",
    exports: {
      ".": { types: "./packflow.d.ts", default: "./packflow.js" },
      "./browser": { types: "./browser/packflow.d.ts", default: "./browser/packflow.js" },
      "./package.json": "./package.json",
    },
    types: "./packflow.d.ts",
    files: ["packflow.js", "packflow.d.ts", "browser", "CHANGELOG.md"],
    sideEffects: false,
    engines: { node: ">=20" },
    dependencies: Object.fromEntries([...installed].sort()),
  };
  return `${JSON.stringify(description, null, 2)}\n`;
}

if (import.meta.main) {
  const folder = join(ROOT, "dist", "npm");
  for (const name of await buildNpm(folder)) {
    console.log(
      `wrote dist/npm/${name}: ${((await Deno.stat(join(folder, name))).size / 1e3).toFixed(0)} kB`,
    );
  }
}
