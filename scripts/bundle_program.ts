/**
 * Makes a few files of the program's modules and the libraries it uses, for `deno compile` to embed. A process takes
 * some 0.1 ms to load a module and 0.2 ms to parse ten kilobytes of code.
 */
import { join, relative } from "node:path";
import { type GetManualChunk, type Plugin, rollup } from "npm:rollup@4.64.10";
import { minify } from "npm:terser@5.51.2";
import { findLibraries, licences, resolveLibraries, transpile } from "./bundle_libraries.ts";
import { ROOT } from "./run_deno.ts";

/** The entries. For a project's code the second one is "packflow". */
const ENTRIES = ["cli.ts", "mod.ts"];

/** Stay packages of npm, as they are no ES modules or read files of their own. */
const NOT_BUNDLED =
  /\blib\/deps\/(clack|commonjs|find_my_way|kafka|opentelemetry|ort_web|ort_web_folder|ort_webgpu|prom_client|rollup|semver|swc)\.ts$/;

/** What a process runs first, by what it is for. What the same ones need is one chunk. */
const STARTS: Readonly<Record<string, RegExp>> = {
  start: /^(cli|lib\/isolate\/(launcher|launch_worker))\.ts$/,
  command: /^lib\/(cli\/\w+_command|deps\/commander)\.ts$/,
  run: /^lib\/cli\/run_project\.ts$/,
  worker: /^(mod|lib\/isolate\/worker_main)\.ts$/,
};

/** Writes the bundle and the licences of what is in it to a folder, which it empties before. */
export async function bundleProgram(folder: string): Promise<void> {
  const found = await Promise.all(ENTRIES.map((entry) => findLibraries(entry, NOT_BUNDLED)));
  const libraries = new Map(found.flatMap((each) => [...each]));
  const bundled = await rollup({
    input: ENTRIES.map((entry) => join(ROOT, entry)),
    plugins: [
      resolveLibraries(libraries, "code"),
      transpile('import.meta.resolve("./mod.js")'),
      minifyChunks(),
    ],
    external: (id) => /^(node|npm):/.test(id) && !libraries.has(id),
    preserveEntrySignatures: "strict",
    onwarn(warning) {
      if (warning.code === "UNRESOLVED_IMPORT") throw new Error(warning.message);
    },
  });
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await bundled.write({
    dir: folder,
    format: "es",
    entryFileNames: "[name].js",
    chunkFileNames: "[name].js",
    hoistTransitiveImports: false,
    manualChunks: chunkOf(),
    onlyExplicitManualChunks: true,
  });
  await Deno.writeTextFile(join(folder, "licences.txt"), await licences(libraries));
}

/** Names a module's chunk after the starts that need it at once; others are left to the bundler. */
function chunkOf(): GetManualChunk {
  let startsOf: ReadonlyMap<string, readonly string[]> | undefined;
  return (id, graph) => {
    startsOf ??= findStarts(graph);
    const starts = startsOf.get(id);
    // cli.ts ends when the program does: a chunk that imports it would wait for that
    if (starts === undefined || ENTRIES.includes(relative(ROOT, id))) return null;
    return starts.includes("start") ? "start" : starts.join("_");
  };
}

/** The starts that need a module, by the module's id. */
function findStarts({ getModuleIds, getModuleInfo }: Parameters<GetManualChunk>[1]): Map<string, string[]> {
  const startsOf = new Map<string, string[]>();
  for (const [start, entry] of Object.entries(STARTS)) {
    const needed = new Set([...getModuleIds()].filter((id) => entry.test(relative(ROOT, id))));
    // a set also visits what is added meanwhile
    for (const id of needed) {
      startsOf.set(id, [...startsOf.get(id) ?? [], start]);
      for (const imported of getModuleInfo(id)?.importedIds ?? []) needed.add(imported);
    }
  }
  return startsOf;
}

/** Shortens what nobody sees. Messages and stacks show the names of classes and functions. */
function minifyChunks(): Plugin {
  return {
    name: "minify",
    async renderChunk(source) {
      const { code = "" } = await minify(source, {
        module: true,
        compress: false,
        mangle: { keep_classnames: true, keep_fnames: true },
        // V8 keeps ASCII as it lies in the executable
        format: { ascii_only: true, comments: false },
      });
      return { code, map: null };
    },
  };
}
