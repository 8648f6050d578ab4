import { eachImport, isProduct, ruleFor } from "./source_file.ts";

/**
 * The folders of `lib` from the bottom up. A folder may import itself and folders of the lines above it;
 * folders on one line never import each other.
 */
export const LAYERS: readonly (readonly string[])[] = [
  ["deps", "host"],
  ["base"],
  ["config"],
  ["preprocess", "onnx"],
  ["backend"],
  ["loader"],
  ["archive"],
  ["sign"],
  ["records"],
  ["oip"],
  ["isolate"],
  ["stream"],
  ["kafka"],
  ["project"],
  ["bench"],
  ["serve"],
  ["cli"],
];

/** What the SDK's entry never loads. */
const NOT_IN_SDK = [
  "cli",
  "serve",
  "bench",
  "project",
  "kafka",
  "stream",
  "isolate",
  "oip",
  "records",
  "sign",
  "archive",
];

/** Imports point down the layers only. */
export const layers: Deno.lint.Rule = ruleFor(
  isProduct,
  (context, path) =>
    eachImport((specifier, node) => {
      if (!specifier.startsWith(".")) return;
      const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
      const message = forbidden(path, target);
      if (message !== undefined) context.report({ node, message });
    }),
);

function forbidden(path: string, target: string): string | undefined {
  const to = folderOf(target);
  // the version stands in one place
  if (target === "deno.json") return undefined;
  if (to === undefined) return `"${path}" must not import "${target}" as the product is made of lib alone`;
  if (path === "cli.ts") return undefined;
  if (path === "mod.ts") {
    return NOT_IN_SDK.includes(to)
      ? `"mod.ts" must not import lib/${to} as SDK users would load it`
      : undefined;
  }
  const from = folderOf(path) ?? "";
  for (const folder of [from, to]) {
    if (layerOf(folder) < 0) return `"lib/${folder}" must have a line in LAYERS of scripts/lint/layers.ts`;
  }
  if (from === to || layerOf(to) < layerOf(from)) return undefined;
  return `lib/${from} must not import lib/${to} as it is not below it: see LAYERS of scripts/lint/layers.ts`;
}

function folderOf(path: string): string | undefined {
  return /^lib\/([^/]+)\//.exec(path)?.[1];
}

function layerOf(folder: string): number {
  return LAYERS.findIndex((line) => line.includes(folder));
}

/** Third-party code comes in through lib/deps and tests/helpers, in full names that need no import map. */
export const thirdPartyInDeps: Deno.lint.Rule = ruleFor(
  (path) => isProduct(path) || path.startsWith("tests/"),
  (context, path) =>
    eachImport((specifier, node) => {
      if (/^(\.{0,2}\/|node:)/.test(specifier)) return;
      const isTest = path.startsWith("tests/");
      if (isTest && specifier === "packflow") return;
      const home = isTest ? "tests/helpers" : "lib/deps";
      if (!/^(npm|jsr|https?):/.test(specifier)) {
        context.report({
          node,
          message: `"${specifier}" must be a relative path or a full name such as npm:x@1.2.3`,
        });
      } else if (!path.startsWith(`${home}/`)) {
        context.report({ node, message: `"${specifier}" must be imported by a file of ${home} only` });
      }
    }),
);

/** The host is reached through lib/host, so that all else could run elsewhere. */
export const hostOnly: Deno.lint.Rule = ruleFor(
  (path) => isProduct(path) && !path.startsWith("lib/host/"),
  (context) => ({
    ...eachImport((specifier, node) => {
      if (specifier.startsWith("node:")) {
        context.report({ node, message: `"${specifier}" must be imported by a file of lib/host only` });
      }
    }),
    Identifier(node) {
      if (node.name === "Deno" && !isOtherName(node)) {
        context.report({ node, message: "Deno must be used by files of lib/host only" });
      }
    },
  }),
);

/** Whether an identifier names a member or a key rather than the global. */
function isOtherName(node: Deno.lint.Identifier): boolean {
  const { parent } = node;
  if (parent.type === "MemberExpression" && parent.property === node && !parent.computed) {
    return !(parent.object.type === "Identifier" && parent.object.name === "globalThis");
  }
  return parent.type === "Property" && parent.key === node && !parent.computed;
}
