/**
 * `deno task compile`: makes `dist/packflow`, one executable with everything inside.
 *
 * `deno compile` embeds every npm package of deno.lock whole, 170 MB of them; what never runs is excluded file by
 * file. The smaller binary also starts sooner: about 0.7 ms per megabyte.
 */
import { join } from "node:path";
import { bundleProgram } from "./bundle_program.ts";
import { type ModuleGraph, moduleGraph, npmFolders } from "./npm_cache.ts";
import { ROOT, runDeno } from "./run_deno.ts";

/** Packages that others declare but whose code those have bundled, or that hold types only. */
const UNUSED_PACKAGES = [
  /^@types\//,
  /^undici-types$/,
  // the bundler's plugins name the build of it that is compiled for one machine
  /^(rollup|@rollup\/rollup-.*)$/,
  // onnxruntime-web's build for Node has these inside
  /^(@protobufjs\/.*|protobufjs|flatbuffers|guid-typescript|long|platform)$/,
  // native code for what the Kafka client else does in WebAssembly, which a compiled program would unpack to /tmp
  /^@node-rs\/crc32/,
];

/** Where a package ships several builds: the files of the one that runs. */
const USED_FILES: Readonly<Record<string, RegExp>> = {
  "onnxruntime-common": /^dist\/esm\//,
  "onnxruntime-web": /^dist\/(ort\.node\.min\.mjs|ort-wasm-simd-threaded\.(mjs|wasm))$/,
  "@rollup/browser": /^dist\/es\//,
  "@rollup/plugin-commonjs": /^dist\/es\//,
  "@rollup/pluginutils": /^dist\/es\//,
  "estree-walker": /^dist\/esm\//,
  "is-reference": /^dist\/is-reference\.js$/,
};

/** Kept of every used package: its description, which says what to load, and its licence. */
const ALWAYS_USED = /^(package\.json|licen[cs]e[^/]*|notice[^/]*)$|\/package\.json$/i;

/** Never read at run time. */
const NEVER_USED = /\.(map|md|markdown|ts|mts|cts|tsbuildinfo)$/i;

/** Where the bundle lies: two folders deep, as `lib`'s modules do, so that `../../templates` leads to the same. */
const BUNDLE = join("dist", "program");
const CLI = join(BUNDLE, "cli.js");
const SDK = join(BUNDLE, "mod.js");
/** Says what "packflow" is in the bundle. */
const CONFIG = join(BUNDLE, "deno.json");

/** What runs or is read through the URL of a module, and what must lie in every copy. */
const EMBEDDED = [SDK, join(BUNDLE, "licences.txt"), "templates"];

/**
 * Compiles the program and answers the path of the executable.
 *
 * @param options Its `target` is the machine it is for, as `deno compile --target` names it; this one when left out.
 */
export async function compile(
  output: string = join(ROOT, "dist", "packflow"),
  { target }: { readonly target?: string } = {},
): Promise<string> {
  const program = Deno.env.get("PACKFLOW_COMPILE_DENO") ?? Deno.execPath();
  const options = { program, cwd: ROOT };
  await runDeno(["cache", "--quiet", "--frozen", "cli.ts", "mod.ts"], options);
  await bundleProgram(join(ROOT, BUNDLE));
  await Deno.writeTextFile(join(ROOT, CONFIG), JSON.stringify({ imports: { packflow: "./mod.js" } }));
  const unused = await unusedFiles(program);
  await Deno.mkdir(join(output, ".."), { recursive: true });
  await runDeno([
    "compile",
    "--quiet",
    "--config",
    CONFIG,
    "--lock",
    "deno.lock",
    "--frozen",
    // types are checked by `deno task ok`
    "--no-check",
    "--allow-all",
    // the cache would lie under a name that anyone can guess in the shared /tmp, and V8 runs what it finds there
    "--no-code-cache",
    ...(target === undefined ? [] : ["--target", target]),
    ...EMBEDDED.flatMap((path) => ["--include", path]),
    ...unused.flatMap((path) => ["--exclude", path]),
    "--output",
    output,
    CLI,
  ], options);
  return target?.includes("windows") === true ? `${output}.exe` : output;
}

/** Whether the program needs a file of a package at run time. */
export function isUsed(name: string, file: string): boolean {
  if (ALWAYS_USED.test(file)) return true;
  if (NEVER_USED.test(file)) return false;
  return USED_FILES[name]?.test(file) ?? true;
}

/** The files and folders of the npm cache to leave out. */
async function unusedFiles(program: string): Promise<string[]> {
  const place = { program, cwd: ROOT };
  const folderOf = await npmFolders(place);
  const graphs = await Promise.all([CLI, SDK].map((entry) => moduleGraph(entry, place)));
  const used = new Set(graphs.flatMap(usedPackages));
  const unused: string[] = [];
  for (const [id, npmPackage] of Object.entries(graphs[0]?.npmPackages ?? {})) {
    const folder = folderOf(npmPackage);
    // the lock file also names packages of other platforms
    if (!await exists(folder)) continue;
    // a package's own folder cannot be excluded, only what it holds
    const { files } = await unusedIn(folder, (file) => used.has(id) && isUsed(npmPackage.name, file));
    unused.push(...files.map((file) => join(folder, file)));
  }
  return unused;
}

/** The ids of the packages that the graph's modules import, directly or through others. */
export function usedPackages(graph: ModuleGraph): string[] {
  const used = new Set<string>();
  const pending = graph.modules.flatMap((module) => module.npmPackage ?? []);
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const found = graph.npmPackages[id];
    if (found === undefined || used.has(id) || UNUSED_PACKAGES.some((name) => name.test(found.name))) {
      continue;
    }
    used.add(id);
    pending.push(...found.dependencies);
  }
  return [...used];
}

/** What is unused in a folder, whole folders where nothing in them is used, and whether that is all there is. */
async function unusedIn(
  folder: string,
  isFileUsed: (file: string) => boolean,
): Promise<{ files: string[]; isAll: boolean }> {
  const files: string[] = [];
  let isAll = true;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const inside = isDirectory
      ? await unusedIn(join(folder, name), (file) => isFileUsed(`${name}/${file}`))
      : { files: [], isAll: !isFileUsed(name) };
    if (inside.isAll) files.push(name);
    else files.push(...inside.files.map((file) => join(name, file)));
    isAll &&= inside.isAll;
  }
  return { files, isAll };
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

if (import.meta.main) {
  const output = await compile(Deno.args[0]);
  const { size } = await Deno.stat(output);
  console.log(`${output}: ${(size / 1e6).toFixed(1)} MB`);
}
