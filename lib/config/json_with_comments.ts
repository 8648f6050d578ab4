import type { ErrorCode } from "../base/error_codes.ts";
import type { JsonValue } from "../base/json.ts";
import { type Node, type ParseError, parseTree, printParseErrorCode } from "../deps/jsonc.ts";

/** What is wrong at an offset of the text. */
export interface JsonProblem {
  readonly code: ErrorCode;
  /** To follow "Cannot read FILE as". */
  readonly reason: string;
  readonly offset: number;
}

/** A parsed text: its value, the tree with the offsets, and everything wrong with it. */
export interface ParsedJson {
  /** Undefined where the text holds no value at all. */
  readonly value: JsonValue | undefined;
  readonly root: Node | undefined;
  readonly problems: readonly JsonProblem[];
}

// Deeper texts would overflow the stack somewhere; nobody writes them by hand.
const DEPTH_LIMIT = 512;

/** What each error of the parser means, to follow "as". */
const REASONS: Readonly<Record<string, string>> = {
  InvalidSymbol: "this is no JSON value: strings need double quotes",
  InvalidNumberFormat: "this is no JSON number",
  PropertyNameExpected: "a key in double quotes must stand here",
  ValueExpected: "a value must stand here",
  ColonExpected: "a colon must stand here",
  CommaExpected: "a comma must stand here",
  CloseBraceExpected: "a closing brace must stand here",
  CloseBracketExpected: "a closing bracket must stand here",
  EndOfFileExpected: "nothing may follow the first value",
  InvalidCommentToken: "comments are not allowed here",
  UnexpectedEndOfComment: "the comment must be closed",
  UnexpectedEndOfString: "the string must be closed on its line",
  UnexpectedEndOfNumber: "the number must be complete",
  InvalidUnicode: "an escaped character must have four hexadecimal digits",
  InvalidEscapeCharacter: "no such escape exists: write a backslash as two",
  InvalidCharacter: "control characters must be escaped",
};

/**
 * Parses JSON, comments and trailing commas allowed, and collects every problem: wrong syntax and duplicate keys.
 * Keys such as `__proto__` stay plain data.
 */
export function parseJsonWithComments(text: string): ParsedJson {
  const tooDeep = depthProblem(text);
  if (tooDeep !== undefined) return { value: undefined, root: undefined, problems: [tooDeep] };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const problems = syntaxProblems(text, errors);
  if (root === undefined) return { value: undefined, root, problems };
  const value = toValue(root, problems);
  return { value, root, problems: problems.sort((a, b) => a.offset - b.offset) };
}

/** One problem per place: the parser tells follow-ups of the same slip at the same offset. */
function syntaxProblems(text: string, errors: readonly ParseError[]): JsonProblem[] {
  if (text.trim() === "") return [{ code: "manifest.syntax", reason: "it is empty", offset: 0 }];
  const byOffset = new Map<number, JsonProblem>();
  for (const { error, offset } of errors) {
    const reason = REASONS[printParseErrorCode(error)] ?? "this is no JSON";
    if (!byOffset.has(offset)) byOffset.set(offset, { code: "manifest.syntax", reason, offset });
  }
  return [...byOffset.values()];
}

function toValue(node: Node, problems: JsonProblem[]): JsonValue {
  if (node.type === "array") return (node.children ?? []).map((child) => toValue(child, problems));
  if (node.type !== "object") return node.value ?? null;
  const object = {};
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key === undefined || value === undefined) continue;
    if (Object.hasOwn(object, key.value)) {
      const reason = `the key "${key.value}" must stand once in its object`;
      problems.push({ code: "manifest.duplicate_key", reason, offset: key.offset });
    }
    Object.defineProperty(object, key.value, {
      value: toValue(value, problems),
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
  return object;
}

/** Where brackets nest too deep for the parser, which recurses; those in strings and comments do not count. */
function depthProblem(text: string): JsonProblem | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\\n]|\\.)*"|\/\/.*|\/\*[^]*?\*\/|[[\]{}]/g)) {
    if (token === "[" || token === "{") depth += 1;
    else if (token === "]" || token === "}") depth -= 1;
    if (depth > DEPTH_LIMIT) {
      return {
        code: "manifest.syntax",
        reason: `values must nest at most ${DEPTH_LIMIT} deep`,
        offset: index,
      };
    }
  }
  return undefined;
}
