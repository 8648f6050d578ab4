import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replaceAll("\\", "/");

/** The path of the file being linted, relative to the repository. */
export function pathOf(context: Deno.lint.RuleContext): string {
  const path = context.filename.replaceAll("\\", "/");
  return path.startsWith(ROOT) ? path.slice(ROOT.length) : path;
}

/** Whether a file is part of the product: the library, the SDK's entry, the program's entry. */
export function isProduct(path: string): boolean {
  return /^(lib\/.*|mod\.ts|cli\.ts)$/.test(path);
}

/** A rule that looks only at the files it is about. */
export function ruleFor(
  concerns: (path: string) => boolean,
  visitors: (context: Deno.lint.RuleContext, path: string) => Deno.lint.LintVisitor,
): Deno.lint.Rule {
  return {
    create(context) {
      const path = pathOf(context);
      return concerns(path) ? visitors(context, path) : {};
    },
  };
}

/** Visits every import of a file: static, dynamic with a literal, of types, and re-exports. */
export function eachImport(
  visit: (specifier: string, node: Deno.lint.Node) => void,
): Deno.lint.LintVisitor {
  const visitSource = (node: Deno.lint.Node, source: Deno.lint.Node | null) => {
    if (source?.type === "Literal" && typeof source.value === "string") visit(source.value, node);
  };
  return {
    ImportDeclaration: (node) => visitSource(node, node.source),
    ExportNamedDeclaration: (node) => visitSource(node, node.source),
    ExportAllDeclaration: (node) => visitSource(node, node.source),
    ImportExpression: (node) => visitSource(node, node.source),
    TSImportType: (node) => {
      if (node.argument.type === "TSLiteralType") visitSource(node, node.argument.literal);
    },
  };
}
