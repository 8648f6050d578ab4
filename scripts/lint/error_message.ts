import { isProduct, ruleFor } from "./source_file.ts";

const CONTRACTION = /\p{L}n['’]t\b|\p{L}['’](re|ve|ll|d|m)\b|\b(it|that|there|what|who|let|here)['’]s\b/iu;
const CODE = /^[a-z_]+\.[a-z_.]+$/;

/** Messages of errors start upper-case, have no final full stop and no contractions. */
export const errorMessage: Deno.lint.Rule = ruleFor(isProduct, (context) => {
  const check = (className: string, args: readonly Deno.lint.Node[]) => {
    const message = messageArgument(className, args);
    if (message === undefined) return;
    for (const text of textsOf(message)) {
      for (const fault of faultsOf(text)) context.report({ node: message, message: fault });
    }
  };
  return {
    NewExpression(node) {
      if (node.callee.type === "Identifier") check(node.callee.name, node.arguments);
    },
    CallExpression(node) {
      if (node.callee.type !== "Super") return;
      const superClass = context.sourceCode.getAncestors(node).findLast(isClass)?.superClass;
      if (superClass?.type === "Identifier") check(superClass.name, node.arguments);
    },
  };
});

function isClass(node: Deno.lint.Node): node is Deno.lint.ClassDeclaration | Deno.lint.ClassExpression {
  return node.type === "ClassDeclaration" || node.type === "ClassExpression";
}

/** The argument that is the message: after the code of our own errors, after the errors of an AggregateError. */
function messageArgument(className: string, args: readonly Deno.lint.Node[]): Deno.lint.Node | undefined {
  if (!/Error$/.test(className)) return undefined;
  const [first, second] = args;
  if (className === "AggregateError" || className === "PackflowError") return second;
  return first?.type === "Literal" && CODE.test(String(first.value)) ? second : first;
}

/** What is known of a message: its literal parts, `null` where a value stands. */
type Text = readonly (string | null)[];

/** Every text that an expression can yield, as far as it is literal. */
function textsOf(node: Deno.lint.Node): Text[] {
  switch (node.type) {
    case "Literal":
      return typeof node.value === "string" ? [[node.value]] : [];
    case "TemplateLiteral":
      return [node.quasis.flatMap(({ cooked }, index) => index === 0 ? [cooked] : [null, cooked])];
    case "ConditionalExpression":
      return [...textsOf(node.consequent), ...textsOf(node.alternate)];
    case "BinaryExpression": {
      if (node.operator !== "+") return [[null]];
      const [left, right] = [node.left, node.right].map((side) => withFallback(textsOf(side)));
      return left?.flatMap((start) => right?.map((end) => [...start, ...end]) ?? []) ?? [];
    }
    default:
      return [];
  }
}

function withFallback(texts: Text[]): Text[] {
  return texts.length === 0 ? [[null]] : texts;
}

function faultsOf(text: Text): string[] {
  const parts = text.filter((part) => part !== "");
  const faults: string[] = [];
  const first = parts.at(0);
  const last = parts.at(-1);
  if (typeof first === "string" && !/^\p{Lu}/u.test(first)) {
    faults.push("An error message must start upper-case");
  }
  if (typeof last === "string" && /[.!]\s*$/.test(last)) {
    faults.push("An error message must not end with a full stop");
  }
  if (CONTRACTION.test(parts.map((part) => part ?? "0").join(""))) {
    faults.push("An error message must not have contractions");
  }
  return faults;
}
