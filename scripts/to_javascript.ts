import type { Plugin } from "npm:rollup@4.64.10";
import ts from "npm:typescript@6.0.3";

/** Syntax of Node 20 and of browsers, which have no `using`. */
const COMPILER_OPTIONS = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
};

/** Has a bundler read TypeScript and JSON as JavaScript. */
export function toJavaScript(): Plugin {
  return {
    name: "to-javascript",
    transform(code, id) {
      if (id.endsWith(".json")) return `export default ${code}`;
      if (!id.endsWith(".ts")) return null;
      return ts.transpileModule(code, { compilerOptions: COMPILER_OPTIONS }).outputText;
    },
  };
}
