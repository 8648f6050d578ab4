import type { NpmPackage, NpmPackages } from "./npm_packages.ts";

/** Packages whose only use is to find and load compiled code. */
const LOADERS: ReadonlySet<string> = new Set([
  "bindings",
  "node-gyp-build",
  "node-gyp-build-optional-packages",
  "node-pre-gyp",
  "@mapbox/node-pre-gyp",
  "prebuild-install",
  "node-addon-api",
  "nan",
  "pkg-prebuilds",
]);

/** Fields of a package.json by which its makers say that it is compiled. */
const FIELDS = ["gypfile", "binary", "napi"];

/** Why a package needs code compiled for one machine, to follow "it has"; undefined where it does not. */
export async function nativeCodeOf(found: NpmPackage, packages: NpmPackages): Promise<string | undefined> {
  const field = FIELDS.find((name) => Object.hasOwn(found.json, name) && Boolean(found.json[name]));
  if (field !== undefined) return `"${field}" in its package.json`;
  const { dependencies } = found.json;
  const names = typeof dependencies === "object" && dependencies !== null ? Object.keys(dependencies) : [];
  const loader = names.find((name) => LOADERS.has(name));
  if (loader !== undefined) return `the dependency "${loader}"`;
  const entries = await packages.entries(found.folder);
  const file = entries.find(({ name }) =>
    name === "binding.gyp" || name === "prebuilds" || name.endsWith(".node")
  );
  return file === undefined ? undefined : `"${file.name}"`;
}

/** Where a module of a package reads WebAssembly from a file beside it; undefined where it does not. */
export function findWasmFile(source: string): { file: string; offset: number } | undefined {
  const name = "([\"'`])([^\"'`\\n]+\\.wasm)\\1";
  const patterns = [
    new RegExp(`\\bnew\\s+URL\\(\\s*${name}\\s*,\\s*import\\.meta\\.url`),
    new RegExp(`\\b__dirname\\b[^;\\n]{0,80}${name}`),
    new RegExp(`\\breadFile(?:Sync)?\\([^;\\n]{0,120}${name}`),
  ];
  for (const pattern of patterns) {
    const match = pattern.exec(source);
    if (match !== null) return { file: match[2] ?? "", offset: match.index };
  }
  return undefined;
}
