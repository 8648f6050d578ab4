import { findNodeAtLocation, type Node } from "../deps/jsonc.ts";
import type { JsonValue } from "../base/json.ts";
import { setOwn } from "../base/own_keys.ts";
import { parseJsonWithComments } from "./json_with_comments.ts";

/** What follows a value on its line: a comma, a comment, both or neither. */
const REST_OF_LINE = /^[ \t]*(,?)(?:[ \t]*(?:\/\/[^\r\n]*|\/\*(?:[^*\r\n]|\*(?!\/))*\*\/))*/;
const INDENT = "  ";

/**
 * Sets a value in JSON with comments; everything else stays as it is written. Objects on the way that are missing are
 * made.
 *
 * @param text A text without syntax errors that holds an object.
 * @param path Keys from the outermost object on, at least one.
 */
export function setInJson(text: string, path: readonly string[], value: JsonValue): string {
  const { root } = parseJsonWithComments(text);
  if (root === undefined) return text;
  const there = findNodeAtLocation(root, [...path]);
  if (there !== undefined) return spliced(text, there, JSON.stringify(value));
  let depth = path.length - 1;
  while (depth > 0 && findNodeAtLocation(root, path.slice(0, depth)) === undefined) depth--;
  const parent = depth === 0 ? root : findNodeAtLocation(root, path.slice(0, depth));
  if (parent?.type !== "object") return text;
  const wrapped = path.slice(depth + 1).reduceRight<JsonValue>((inner, key) => {
    const object = {};
    setOwn<JsonValue>(object, key, inner);
    return object;
  }, value);
  return withProperty(text, parent, { key: path[depth] ?? "", value: wrapped });
}

function spliced(text: string, { offset, length }: Pick<Node, "offset" | "length">, by: string): string {
  return text.slice(0, offset) + by + text.slice(offset + length);
}

/** Adds a property after the last one, on a line of its own where that one has one. */
function withProperty(
  text: string,
  object: Node,
  { key, value }: { key: string; value: JsonValue },
): string {
  const last = object.children?.at(-1);
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const line = (indent: string) =>
    `${indent}${JSON.stringify(key)}: ${
      JSON.stringify(value, null, INDENT).replaceAll("\n", newline + indent)
    }`;
  if (last === undefined) {
    const indent = indentAt(text, object.offset);
    return spliced(
      text,
      object,
      // what stands in braces without a value can be a comment only
      `{${text.slice(object.offset + 1, object.offset + object.length - 1).trimEnd()}${newline}` +
        `${line(indent + INDENT)}${newline}${indent}}`,
    );
  }
  const end = last.offset + last.length;
  const [rest = "", comma = ""] = REST_OF_LINE.exec(text.slice(end)) ?? [];
  if (!/[\r\n]/.test(text.slice(object.offset, last.offset))) {
    return spliced(text, { offset: end, length: 0 }, `, ${line("").replaceAll(/\r?\n\s*/g, " ")}`);
  }
  const added = comma === "" ? `,${rest}` : rest;
  const trailing = comma;
  return spliced(
    text,
    { offset: end, length: rest.length },
    `${added}${newline}${line(indentAt(text, last.offset))}${trailing}`,
  );
}

/** The white space that begins the line of an offset. */
function indentAt(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}
