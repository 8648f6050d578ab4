import { isProduct, ruleFor } from "./source_file.ts";

const MAX_FILE_LINES = 250;
const MAX_FUNCTION_LINES = 40;
const MAX_PARAMS = 3;

type FunctionNode =
  | Deno.lint.FunctionDeclaration
  | Deno.lint.FunctionExpression
  | Deno.lint.ArrowFunctionExpression;

function hasLimits(path: string): boolean {
  return isProduct(path) || path.startsWith("scripts/");
}

/** Files and functions stay short; lines that are blank or hold comments only do not count. */
export const maxLines: Deno.lint.Rule = ruleFor(hasLimits, (context) => {
  let code: string | undefined;
  const linesOf = (node: Deno.lint.Node) => {
    code ??= withoutComments(context.sourceCode);
    return code.slice(...node.range).split("\n").filter((line) => line.trim() !== "").length;
  };
  const checkFunction = (node: FunctionNode) => {
    const lines = linesOf(node);
    if (lines <= MAX_FUNCTION_LINES) return;
    const message = `A function must have at most ${MAX_FUNCTION_LINES} lines: this one has ${lines}`;
    context.report({ range: [node.range[0], node.range[0] + 1], message });
  };
  return {
    Program(node) {
      const lines = linesOf(node);
      if (lines <= MAX_FILE_LINES) return;
      const message = `A file must have at most ${MAX_FILE_LINES} lines: this one has ${lines}`;
      context.report({ range: [node.range[0], node.range[0] + 1], message });
    },
    FunctionDeclaration: checkFunction,
    FunctionExpression: checkFunction,
    ArrowFunctionExpression: checkFunction,
  };
});

function withoutComments(source: Deno.lint.SourceCode): string {
  let code = "";
  let end = 0;
  for (const comment of source.getAllComments()) {
    const [from, to] = comment.range;
    code += source.text.slice(end, from) + source.text.slice(from, to).replace(/[^\n]/g, " ");
    end = to;
  }
  return code + source.text.slice(end);
}

/** Past three parameters a call can no longer be read: an options object names them. */
export const maxParams: Deno.lint.Rule = ruleFor(hasLimits, (context) => {
  const check = (node: FunctionNode) => {
    const params = node.params.filter((param) => !(param.type === "Identifier" && param.name === "this"));
    if (params.length <= MAX_PARAMS) return;
    context.report({
      range: [node.range[0], node.range[0] + 1],
      message: `A function must have at most ${MAX_PARAMS} parameters, then an options object: ` +
        `this one has ${params.length}`,
    });
  };
  return { FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check };
});
