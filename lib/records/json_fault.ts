/** Where a text stops being JSON. */
export interface JsonFault {
  /** Characters before the fault. */
  readonly position: number;
  /** What stands there, as a message says it. */
  readonly found: string;
}

/**
 * Finds the first character at which a text cannot be JSON any more; undefined for good JSON.
 *
 * V8 says where only in some of its messages, so this looks again, on the way to an error alone. The nesting must
 * have been checked before.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const scanner = new Scanner(text);
  if (scanner.isGood()) return undefined;
  const position = Math.min(scanner.position, text.length);
  const character = text.codePointAt(position);
  if (character === undefined) return { position, found: "end" };
  const printable = character > 0x20 && character < 0x7f;
  const name = printable
    ? String.fromCodePoint(character)
    : `U+${character.toString(16).toUpperCase().padStart(4, "0")}`;
  return { position, found: character === 0x22 ? "a quote" : `"${name}"` };
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WHITE_SPACE = /[ \t\n\r]*/y;

class Scanner {
  position = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  isGood(): boolean {
    this.#space();
    if (!this.#value()) return false;
    this.#space();
    return this.position === this.#text.length;
  }

  #space(): void {
    WHITE_SPACE.lastIndex = this.position;
    this.position += WHITE_SPACE.exec(this.#text)?.[0].length ?? 0;
  }

  #value(): boolean {
    switch (this.#text[this.position]) {
      case "{":
        return this.#list("}", () => this.#member());
      case "[":
        return this.#list("]", () => this.#value());
      case '"':
        return this.#string();
      case "t":
        return this.#word("true");
      case "f":
        return this.#word("false");
      case "n":
        return this.#word("null");
      default:
        return this.#number();
    }
  }

  #list(close: string, item: () => boolean): boolean {
    this.position++;
    this.#space();
    if (this.#skip(close)) return true;
    for (;;) {
      if (!item()) return false;
      this.#space();
      if (this.#skip(close)) return true;
      if (!this.#skip(",")) return false;
      this.#space();
    }
  }

  #member(): boolean {
    if (!this.#string()) return false;
    this.#space();
    if (!this.#skip(":")) return false;
    this.#space();
    return this.#value();
  }

  #skip(character: string): boolean {
    if (this.#text[this.position] !== character) return false;
    this.position++;
    return true;
  }

  #word(word: string): boolean {
    for (const character of word) {
      if (!this.#skip(character)) return false;
    }
    return true;
  }

  #number(): boolean {
    NUMBER.lastIndex = this.position;
    const length = NUMBER.exec(this.#text)?.[0].length ?? 0;
    this.position += length;
    return length > 0;
  }

  #string(): boolean {
    if (!this.#skip('"')) return false;
    for (; this.position < this.#text.length; this.position++) {
      const character = this.#text[this.position] ?? "";
      if (character === '"') {
        this.position++;
        return true;
      }
      if (character < " ") return false;
      if (character === "\\" && !this.#escape()) return false;
    }
    return false;
  }

  /** Goes from the backslash to the last character of its escape. */
  #escape(): boolean {
    this.position++;
    const kind = this.#text[this.position] ?? "";
    if (kind !== "u") return kind !== "" && '"\\/bfnrt'.includes(kind);
    for (let digit = 0; digit < 4; digit++) {
      this.position++;
      if (!/^[0-9a-fA-F]$/.test(this.#text[this.position] ?? "")) return false;
    }
    return true;
  }
}
