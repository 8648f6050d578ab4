import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as packflow from "packflow";
import { bundleProgram } from "../../scripts/bundle_program.ts";

/** What the program loads first, and what answers `--version`. */
const START = ["cli.js", "start.js"];

const folder = await Deno.makeTempDir();
await bundleProgram(folder);
const files = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
const texts = new Map(
  await Promise.all(
    files.map(async (name) => [name, await Deno.readTextFile(join(folder, name))] as const),
  ),
);
const sdk: Readonly<Record<string, unknown>> = await import(pathToFileURL(join(folder, "mod.js")).href);
await Deno.remove(folder, { recursive: true });

/** The files that a file imports at once, directly or through others, itself included. */
function loadedWith(file: string): string[] {
  const loaded = new Set([file]);
  for (const each of loaded) {
    for (const [, name = ""] of (texts.get(each) ?? "").matchAll(/from"\.\/(\w+\.js)"/g)) loaded.add(name);
  }
  return [...loaded].sort();
}

Deno.test("the bundle's mod.js exports what mod.ts exports", () => {
  assert.deepEqual(Object.keys(sdk).sort(), Object.keys(packflow).sort());
});

Deno.test("classes and functions keep the names that messages and stacks show", () => {
  for (const [name, value] of Object.entries(packflow)) {
    if (typeof value !== "function") continue;
    const bundled = sdk[name];
    assert.equal(typeof bundled === "function" && bundled.name, name);
  }
});

Deno.test("a process loads few files: two to start, no more than five to be a worker", () => {
  assert.deepEqual(loadedWith("cli.js"), START);
  assert.ok(loadedWith("worker.js").length <= 5, loadedWith("worker.js").join());
});

Deno.test("small libraries are inside, the large ones are loaded when they are needed", () => {
  const imported = new Set([...texts.values()].flatMap((text) => text.match(/"npm:[^"]+"/g) ?? []));
  const names = new Set([...imported].map((name) => /^"npm:(@?[^@]+)@/.exec(name)?.[1]));
  assert.deepEqual([...names].sort(), [
    "@clack/prompts",
    "@opentelemetry/api",
    "@platformatic/kafka",
    "@rollup/browser",
    "@rollup/plugin-commonjs",
    "@swc/wasm-typescript",
    "find-my-way",
    "onnxruntime-web",
    "prom-client",
    "semver",
  ]);
  for (const file of loadedWith("worker.js")) assert.doesNotMatch(texts.get(file) ?? "", /from"npm:/);
});

Deno.test("the licences of the libraries inside are kept", () => {
  for (const library of ["commander", "d3-dsv", "jsonc-parser", "pako", "zod"]) {
    assert.match(texts.get("licences.txt") ?? "", new RegExp(`^${library}:$`, "m"));
  }
});
