const MINUS = 0x2d;
const PLUS = 0x2b;
const DOT = 0x2e;
const ZERO = 0x30;
const UPPER_E = 0x45;
const LOWER_E = 0x65;

/** Powers of ten that a double holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);
/** With so many digits a whole number is exact in a double. */
const EXACT_DIGITS = 15;
/** With so many digits a sum of rounded steps stays within the margin below. */
const MOST_DIGITS = 25;
/** Far more than the 27 roundings that such a number goes through can amount to, each at most 2^-53. */
const MARGIN = 2 ** -46;

/**
 * Reads JSON numbers from bytes into 32-bit floats.
 *
 * What it stores is what storing `Number(text)` would give, to the last bit. Short numbers take one exact whole number and
 * one exact power of ten, so that their only rounding is the one of the division (Clinger 1990). Longer ones are
 * computed with a small error; where a double anywhere within the error's margin becomes the same 32-bit float, that is
 * the answer, and otherwise `Number` decides.
 */
export class NumberScanner {
  readonly bytes: Uint8Array;
  /** Where numbers are stored. */
  out: Float32Array;

  constructor(bytes: Uint8Array, out: Float32Array) {
    this.bytes = bytes;
    this.out = out;
  }

  /** Stores the number that starts at a position into `out[index]`. Returns the position after it; -1 if none is there. */
  scan(start: number, index: number): number {
    const bytes = this.bytes;
    let at = start;
    let code = bytes[at] ?? 0;
    if (code === MINUS) code = bytes[++at] ?? 0;
    const first = at;
    let mantissa = 0;
    for (; code >= ZERO && code <= 0x39; code = bytes[++at] ?? 0) mantissa = mantissa * 10 + (code - ZERO);
    let digits = at - first;
    if (digits === 0 || (digits > 1 && bytes[first] === ZERO)) return -1;
    let decimals = 0;
    if (code === DOT) {
      const point = at;
      code = bytes[++at] ?? 0;
      for (; code >= ZERO && code <= 0x39; code = bytes[++at] ?? 0) mantissa = mantissa * 10 + (code - ZERO);
      decimals = at - point - 1;
      if (decimals === 0) return -1;
      digits += decimals;
    }
    if (digits > EXACT_DIGITS || code === LOWER_E || code === UPPER_E) {
      return this.#scanLong(start, index, { at, mantissa, digits, decimals });
    }
    const value = decimals === 0 ? mantissa : mantissa / (POWERS[decimals] ?? 1);
    this.out[index] = first === start ? value : -value;
    return at;
  }

  /** Goes on after the digits of a number that is long or has an exponent. */
  #scanLong(
    start: number,
    index: number,
    { at: from, mantissa, digits, decimals }: {
      at: number;
      mantissa: number;
      digits: number;
      decimals: number;
    },
  ): number {
    const end = this.#exponentEnd(from);
    if (end < 0) return -1;
    const power = (end === from ? 0 : Number(this.#text(from + 1, end))) - decimals;
    let value = NaN;
    if (digits <= MOST_DIGITS && power >= -22 && power <= 22) {
      const near = power < 0 ? mantissa / (POWERS[-power] ?? 1) : mantissa * (POWERS[power] ?? 1);
      const low = Math.fround(near * (1 - MARGIN));
      if (digits <= EXACT_DIGITS || low === Math.fround(near * (1 + MARGIN))) value = near;
    }
    if (Number.isNaN(value)) this.out[index] = Number(this.#text(start, end));
    else this.out[index] = this.bytes[start] === MINUS ? -value : value;
    return end;
  }

  /** The end of the exponent at a position, which is the position itself where there is none; -1 for a bad one. */
  #exponentEnd(from: number): number {
    const mark = this.bytes[from];
    if (mark !== LOWER_E && mark !== UPPER_E) return from;
    const sign = this.bytes[from + 1];
    const first = sign === PLUS || sign === MINUS ? from + 2 : from + 1;
    let at = first;
    for (let code = this.bytes[at] ?? 0; code >= ZERO && code <= 0x39; code = this.bytes[at] ?? 0) at++;
    return at === first ? -1 : at;
  }

  #text(from: number, to: number): string {
    let text = "";
    for (let at = from; at < to; at++) text += String.fromCharCode(this.bytes[at] ?? 0);
    return text;
  }
}
