/** Tells what a text must be, to follow "as it must", and throws. */
export type Refuse = (rule: string, cause?: unknown) => never;

/**
 * Parses JSON that may be read in one way only: UTF-8 without a byte order mark, nothing before or after the value
 * but white space, no member twice in one object. Two readers of such a text agree on what it says.
 */
export function parseStrictJson(bytes: Uint8Array, refuse: Refuse): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    return refuse("be UTF-8", cause);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return refuse("be JSON and nothing else", cause);
  }
  if (hasDuplicates(text)) refuse("have every member of an object once");
  return value;
}

/** Whether a member stands twice, in a text that is known to be JSON. `JSON.parse` would take the last one. */
function hasDuplicates(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  let isName = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charAt(at)) {
      case "{":
        open.push(new Set());
        isName = true;
        break;
      case "[":
        open.push(undefined);
        isName = false;
        break;
      case "}":
      case "]":
        open.pop();
        isName = false;
        break;
      case ",":
        isName = open.at(-1) !== undefined;
        break;
      case '"': {
        const end = endOfString(text, at);
        if (isName && isKnown(open.at(-1), text.slice(at, end))) return true;
        isName = false;
        at = end - 1;
      }
    }
  }
  return false;
}

/** Adds a member's name, as it stands in the text, to those of its object; whether it was among them. */
function isKnown(names: Set<string> | undefined, literal: string): boolean {
  // escapes make one name of two texts
  const name = String(JSON.parse(literal));
  if (names?.has(name)) return true;
  names?.add(name);
  return false;
}

/** The place after the string that begins at a place. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1);; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return quote + 1;
  }
}
