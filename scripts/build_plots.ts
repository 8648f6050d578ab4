/**
 * `deno task build-plots`: makes `lib/bench/plot_library.ts`, the text of uPlot, which pages of `packflow bench` hold
 * whole so that they need no network.
 *
 * With `--check` nothing is written, and the exit code says whether the file is up to date.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
// named so that it lies in the cache, from where its files are read as they are
import "npm:uplot@1.6.32";
import { ROOT } from "./run_deno.ts";

const TARGET = "lib/bench/plot_library.ts";

/** The text of the module that holds the library. */
export async function buildPlots(): Promise<string> {
  const [script, style, licence] = await Promise.all(
    ["dist/uPlot.iife.min.js", "dist/uPlot.min.css", "LICENSE"].map(readFromPackage),
  );
  return [
    "// Made by scripts/build_plots.ts of uPlot 1.6.32: https://github.com/leeoniya/uPlot (MIT).",
    "// deno-fmt-ignore-file",
    "",
    "/** Draws plots: a script that defines `uPlot`. */",
    `export const PLOT_SCRIPT: string = ${JSON.stringify(script?.trim())};`,
    "",
    "/** How it looks. */",
    `export const PLOT_STYLE: string = ${JSON.stringify(style?.trim())};`,
    "",
    "/** What must lie beside every copy. */",
    `export const PLOT_LICENCE: string = ${JSON.stringify(licence?.trim())};`,
    "",
  ].join("\n");
}

async function readFromPackage(path: string): Promise<string> {
  const entry = fileURLToPath(import.meta.resolve("npm:uplot@1.6.32"));
  return await Deno.readTextFile(join(entry, "..", "..", path));
}

async function main(): Promise<number> {
  const text = await buildPlots();
  const path = join(ROOT, TARGET);
  if (!Deno.args.includes("--check")) {
    await Deno.writeTextFile(path, text);
    return 0;
  }
  if (await Deno.readTextFile(path) === text) return 0;
  console.error(`${TARGET} is older than the library: run deno task build-plots`);
  return 1;
}

if (import.meta.main) Deno.exit(await main());
