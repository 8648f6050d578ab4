/**
 * `deno task build-browser`: makes dist/browser, what a page needs to run backends: the SDK as one module with its
 * types, and ONNX Runtime beside it, which is loaded on first use. docs/browser.md says how to use it.
 *
 * It is mod.ts with `lib/host/browser` in the place of `lib/host`, and without `loadBackend`, which needs a folder.
 */
import { basename, dirname, join } from "node:path";
import { type Plugin, rollup } from "npm:rollup@4.64.10";
import { minify } from "npm:terser@5.51.2";
import { declarations, notice, withoutVariance } from "./build_sdk.ts";
import { findLibraries, resolveLibraries } from "./bundle_libraries.ts";
import { moduleGraph, npmFolders } from "./npm_cache.ts";
import { ROOT } from "./run_deno.ts";
import { toJavaScript } from "./to_javascript.ts";

/** What loads a project's folder, on no page. */
const LEFT_OUT = /^\/\/ Load a project\nexport \{ loadBackend,.*\n/m;
/** Libraries that are no part of the bundle: onnxruntime-web is a file of its own, the others are never reached. */
const LATER = /\blib\/deps\/(commonjs|ort_web|ort_webgpu|rollup|semver|swc)\.ts$/;
/** ONNX Runtime for pages, and the WebAssembly that it looks for beside itself. */
const RUNTIME = "ort.wasm.bundle.min.mjs";
const RUNTIME_FILES = [RUNTIME, "ort-wasm-simd-threaded.wasm"];

/** Writes the files to a folder, which it makes, and answers their names. */
export async function buildBrowser(folder: string): Promise<string[]> {
  const libraries = await findLibraries("mod.ts", LATER);
  const header = await notice(libraries);
  const entry = await writeEntry();
  try {
    const code = await bundle(entry, [resolveLibraries(libraries, "code"), toJavaScript()]);
    const types = await bundle(entry, [resolveLibraries(libraries, "types"), declarations(libraries)]);
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(join(folder, "packflow.js"), `${header}${await small(code)}`);
    await Deno.writeTextFile(join(folder, "packflow.d.ts"), `${header}${withoutVariance(types)}`);
  } finally {
    await Deno.remove(entry);
  }
  const runtime = await runtimeFolder();
  for (const name of RUNTIME_FILES) await Deno.copyFile(join(runtime, "dist", name), join(folder, name));
  return ["packflow.js", "packflow.d.ts", ...RUNTIME_FILES];
}

async function bundle(input: string, plugins: Plugin[]): Promise<string> {
  const bundled = await rollup({
    input,
    plugins: [forBrowsers(), ...plugins],
    treeshake: { moduleSideEffects: false },
    onwarn({ code, message }) {
      // the others are about zod's inside: comments in odd places, modules that need each other
      if (code === "UNRESOLVED_IMPORT" || code === "MISSING_EXPORT") throw new Error(message);
    },
  });
  const { output } = await bundled.generate({ format: "es", inlineDynamicImports: true });
  return output[0].code;
}

/** Writes mod.ts without `loadBackend` to a file of its own, as the declarations are made of files. */
export async function writeEntry(): Promise<string> {
  const source = await Deno.readTextFile(join(ROOT, "mod.ts"));
  if (!LEFT_OUT.test(source)) throw new Error("mod.ts must export loadBackend on a line of its own");
  await Deno.mkdir(join(ROOT, "dist"), { recursive: true });
  const entry = await Deno.makeTempFile({ dir: join(ROOT, "dist"), prefix: "browser_", suffix: ".ts" });
  await Deno.writeTextFile(entry, source.replace(LEFT_OUT, "").replaceAll('"./lib/', '"../lib/'));
  return entry;
}

/** Has a page's own modules in the place of Deno's, and leaves large libraries for later. */
function forBrowsers(): Plugin {
  const host = join(ROOT, "lib", "host");
  return {
    name: "for-browsers",
    resolveId(source, importer) {
      if (importer === undefined || !source.startsWith(".")) return null;
      const path = join(dirname(importer), source);
      return dirname(path) === host ? join(host, "browser", basename(path)) : null;
    },
    resolveDynamicImport(specifier, importer) {
      if (typeof specifier !== "string") return null;
      const path = join(dirname(importer), specifier);
      if (!LATER.test(path)) return null;
      return { id: path.endsWith("ort_web.ts") ? `./${RUNTIME}` : "data:text/javascript,", external: true };
    },
  };
}

/** The code without comments and with short names, but for those that messages show. */
async function small(source: string): Promise<string> {
  const { code = "" } = await minify(source, {
    module: true,
    mangle: { keep_classnames: true, keep_fnames: true },
    format: { comments: false },
  });
  return code;
}

/** The folder of onnxruntime-web in Deno's cache. */
async function runtimeFolder(): Promise<string> {
  const { npmPackages } = await moduleGraph("lib/deps/ort_web.ts", { cwd: ROOT });
  const found = Object.values(npmPackages).find(({ name }) => name === "onnxruntime-web");
  if (found === undefined) throw new Error("lib/deps/ort_web.ts must import onnxruntime-web");
  return (await npmFolders({ cwd: ROOT }))(found);
}

if (import.meta.main) {
  const folder = Deno.args[0] ?? join(ROOT, "dist", "browser");
  for (const name of await buildBrowser(folder)) {
    const { size } = await Deno.stat(join(folder, name));
    console.log(`${(size / 1e3).toFixed(0).padStart(6)} kB  ${join(folder, name)}`);
  }
}
