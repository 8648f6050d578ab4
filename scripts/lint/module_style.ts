import { isProduct, ruleFor } from "./source_file.ts";

/** What a module exports is listed name by name, so that nothing becomes public by accident. */
export const noExportStar: Deno.lint.Rule = ruleFor(isProduct, (context) => ({
  ExportAllDeclaration(node) {
    context.report({ node, message: "Exports must be listed by name, without export *" });
  },
}));

/** One name for one thing, at its definition and at every use. */
export const noDefaultExport: Deno.lint.Rule = ruleFor(isProduct, (context) => ({
  ExportDefaultDeclaration(node) {
    context.report({ node, message: "Exports must have a name, without export default" });
  },
  ExportSpecifier(node) {
    if (node.exported.type === "Identifier" && node.exported.name === "default") {
      context.report({ node, message: "Exports must have a name, without export default" });
    }
  },
}));

/** `console.log` swallows a closed pipe, and data and talk go to different streams. */
export const noConsole: Deno.lint.Rule = ruleFor(isProduct, (context) => ({
  MemberExpression(node) {
    if (node.object.type === "Identifier" && node.object.name === "console") {
      context.report({ node, message: "Output must go through lib/host instead of console" });
    }
  },
}));
