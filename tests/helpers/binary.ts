/** The compiled program for end-to-end tests, built at most once per run of the tests. */
import { join } from "node:path";
import { compile } from "../../scripts/compile.ts";
import { ROOT } from "../../scripts/run_deno.ts";

const DIST = join(ROOT, "dist");
const BINARY = join(DIST, "packflow");
/** Says which run of the tests found that there can be no binary, and why. */
const SKIPPED = join(DIST, ".skipped.json");
/** What the program is made of. */
const SOURCES = ["cli.ts", "mod.ts", "deno.json", "deno.lock", "lib", "templates", "scripts"];

/**
 * The path of `dist/packflow`, compiled anew where a source is younger, or why there is none: `denort`, which
 * `deno compile` starts from, cannot be had everywhere. With `CI=true` its lack is an error. Call it at the top
 * level of a test file: a lack is told once, as an ignored test.
 */
export async function binary(): Promise<string | { skipped: string }> {
  await Deno.mkdir(DIST, { recursive: true });
  // test files run in parallel: the first one compiles, the others wait for it
  using lock = await Deno.open(join(DIST, ".lock"), { create: true, write: true });
  await lock.lock(true);
  const changed = await newest(SOURCES.map((path) => join(ROOT, path)));
  if (await timeOf(BINARY) >= changed) return BINARY;
  const known = await readSkipped();
  if (known?.pid === Deno.pid) return { skipped: known.skipped };
  return await build();
}

async function build(): Promise<string | { skipped: string }> {
  try {
    // moved into place when it is whole: another run of the tests may be using the last one
    await Deno.rename(await compile(join(DIST, ".new", "packflow")), BINARY);
    return BINARY;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (Deno.env.get("CI") === "true" || !message.includes("denort")) throw error;
    const skipped = "denort cannot be downloaded: set DENORT_BIN, and PACKFLOW_COMPILE_DENO to its deno";
    // what a test file prints while it loads is not shown with --quiet, the name of an ignored test is
    Deno.test.ignore(`compiled binary: SKIPPED as ${skipped}`, () => {});
    await Deno.writeTextFile(SKIPPED, JSON.stringify({ pid: Deno.pid, skipped }));
    return { skipped };
  }
}

async function readSkipped(): Promise<{ pid: number; skipped: string } | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(SKIPPED));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The time of the youngest file or folder at or below the paths, in milliseconds. */
async function newest(paths: readonly string[]): Promise<number> {
  const times = await Promise.all(paths.map(async (path) => {
    if (!(await Deno.stat(path)).isDirectory) return await timeOf(path);
    const inside = await Array.fromAsync(Deno.readDir(path), (entry) => join(path, entry.name));
    return Math.max(await timeOf(path), await newest(inside));
  }));
  return Math.max(0, ...times);
}

/** When a file was changed last, in milliseconds; 0 where there is none. */
async function timeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).mtime?.getTime() ?? 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
