/** Characters that mean more than themselves in a pattern. */
const SPECIAL = /[*?[\\]/;

/** The named classes, as git has them. */
const CLASSES: ReadonlyMap<string, RegExp> = new Map([
  ["alnum", /[0-9A-Za-z]/],
  ["alpha", /[A-Za-z]/],
  ["blank", /[ \t]/],
  // deno-lint-ignore no-control-regex -- this class is the control characters
  ["cntrl", /[\x00-\x1f\x7f]/],
  ["digit", /[0-9]/],
  ["graph", /[\x21-\x7e]/],
  ["lower", /[a-z]/],
  ["print", /[\x20-\x7e]/],
  ["punct", /[!-/:-@[-`{-~]/],
  ["space", /[\t\n\r ]/],
  ["upper", /[A-Z]/],
  ["xdigit", /[0-9A-Fa-f]/],
]);

/**
 * Whether a pattern matches a whole path, as git's own matcher decides with slashes taken as borders: `*`, `?` and
 * `[…]` stay within a name, `**` between slashes or at an end spans folders, a backslash takes the next character as
 * it is. Both are strings of bytes, a character each, since git compares bytes: `?` is one byte of a letter beyond
 * ASCII.
 *
 * A pattern that no reading makes sense of, such as an open bracket, matches nothing.
 */
export function wildmatch(pattern: string, text: string): boolean {
  return new Matcher(pattern, text).matches(0, 0, 0);
}

/** The part of a pattern in front of its first special character. */
export function literalPrefix(pattern: string): string {
  const at = pattern.search(SPECIAL);
  return at === -1 ? pattern : pattern.slice(0, at);
}

class Matcher {
  readonly #pattern: string;
  readonly #text: string;
  /** Positions that are known not to match, so that no pattern takes time beyond pattern times text. */
  readonly #failed = new Set<number>();

  constructor(pattern: string, text: string) {
    this.#pattern = pattern;
    this.#text = text;
  }

  /**
   * @param p Where in the pattern to begin.
   * @param t Where in the text to begin.
   * @param start What counts as the pattern's start: git begins anew behind each star.
   */
  matches(p: number, t: number, start: number): boolean {
    const key = (p * (this.#text.length + 1) + t) * 2 + (start === p ? 1 : 0);
    if (this.#failed.has(key)) return false;
    const matched = this.#walk(p, t, start);
    if (!matched) this.#failed.add(key);
    return matched;
  }

  #walk(from: number, at: number, start: number): boolean {
    let [p, t] = [from, at];
    for (; p < this.#pattern.length; p++, t++) {
      const wanted = this.#pattern[p];
      if (wanted === "*") return this.#star(p, t, start);
      const found = this.#text[t];
      if (found === undefined) return false;
      if (wanted === "[") {
        const end = this.#bracket(p, found);
        if (end === undefined) return false;
        p = end;
      } else if (wanted === "?") {
        if (found === "/") return false;
      } else {
        // A backslash at the very end leaves nothing that could match.
        if (wanted === "\\") p++;
        if (this.#pattern[p] !== found) return false;
      }
    }
    return t === this.#text.length;
  }

  #star(first: number, t: number, start: number): boolean {
    let p = first + 1;
    while (this.#pattern[p] === "*") p++;
    const next = this.#pattern[p];
    const bordered = first === start || this.#pattern[first - 1] === "/";
    const ends = next === undefined || next === "/" ||
      (next === "\\" && this.#pattern[p + 1] === "/");
    const spans = p - first > 1 && bordered && ends;
    // `a/**/b` matches `a/b` too.
    if (spans && next === "/" && this.matches(p + 1, t, p + 1)) return true;
    if (next === undefined) return spans || !this.#text.includes("/", t);
    for (let end = t; end < this.#text.length; end++) {
      if (this.matches(p, end, p)) return true;
      if (!spans && this.#text[end] === "/") return false;
    }
    return false;
  }

  /** Where a bracket expression ends if it holds the character; undefined if not, or if it is none. */
  #bracket(open: number, found: string): number | undefined {
    let p = open + 1;
    const negated = this.#pattern[p] === "!" || this.#pattern[p] === "^";
    if (negated) p++;
    let [matched, previous] = [false, ""];
    for (let first = true; first || this.#pattern[p] !== "]"; first = false, p++) {
      const item = this.#item(p, previous, found);
      if (item === undefined) return undefined;
      p = item.end;
      previous = item.previous;
      matched ||= item.matched;
    }
    return matched === negated || found === "/" ? undefined : p;
  }

  /** One character, range or class of a bracket expression. */
  #item(at: number, previous: string, found: string): BracketItem | undefined {
    const pattern = this.#pattern;
    const first = pattern[at];
    if (first === undefined) return undefined;
    if (first === "[" && pattern[at + 1] === ":") return namedClass(pattern, at, found);
    const next = pattern[at + 1];
    const isRange = first === "-" && previous !== "" && next !== undefined && next !== "]";
    const shown = isRange ? at + 1 : at;
    const end = pattern[shown] === "\\" ? shown + 1 : shown;
    const character = pattern[end];
    if (character === undefined) return undefined;
    if (!isRange) return { end, previous: character, matched: found === character };
    return { end, previous: "", matched: found >= previous && found <= character };
  }
}

interface BracketItem {
  /** Position of its last character. */
  readonly end: number;
  /** What a range behind it would begin with; empty for nothing. */
  readonly previous: string;
  readonly matched: boolean;
}

function namedClass(pattern: string, at: number, found: string): BracketItem | undefined {
  const close = pattern.indexOf("]", at + 2);
  if (close === -1) return undefined;
  // Without ":]" the bracket stands for itself.
  if (close === at + 2 || pattern[close - 1] !== ":") {
    return { end: at, previous: "[", matched: found === "[" };
  }
  const named = CLASSES.get(pattern.slice(at + 2, close - 1));
  return named === undefined ? undefined : { end: close, previous: "", matched: named.test(found) };
}
