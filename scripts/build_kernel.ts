/**
 * `deno task build-kernel`: makes `lib/onnx/tree_kernel.ts` from `lib/onnx/tree_kernel.wat`.
 *
 * With `--check` nothing is written, and the exit code says whether the file is up to date.
 */
import { join } from "node:path";
import openWabt from "npm:wabt@1.0.39";
import { ROOT } from "./run_deno.ts";

const SOURCE = "lib/onnx/tree_kernel.wat";
const TARGET = "lib/onnx/tree_kernel.ts";

/** The text of the module that holds the kernel's WebAssembly. */
export async function buildKernel(): Promise<string> {
  const wabt = await openWabt();
  const module = wabt.parseWat(SOURCE, await Deno.readTextFile(join(ROOT, SOURCE)));
  const { buffer } = module.toBinary({ write_debug_names: false });
  const lines = btoa(String.fromCharCode(...buffer)).match(/.{1,100}/g) ?? [];
  return [
    "// Made by scripts/build_kernel.ts from tree_kernel.wat.",
    "",
    "/** A WebAssembly module of its own, in base64: walks rows through decision trees. */",
    "export const TREE_KERNEL =",
    lines.map((line) => `  "${line}"`).join(" +\n") + ";",
    "",
  ].join("\n");
}

async function main(): Promise<number> {
  const text = await buildKernel();
  const path = join(ROOT, TARGET);
  if (!Deno.args.includes("--check")) {
    await Deno.writeTextFile(path, text);
    return 0;
  }
  if (await Deno.readTextFile(path) === text) return 0;
  console.error(`${TARGET} is older than ${SOURCE}: run deno task build-kernel`);
  return 1;
}

if (import.meta.main) Deno.exit(await main());
