import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { NumberScanner } from "../../lib/records/number_scanner.ts";
import { fc } from "../helpers/fast_check.ts";
import { bytesOf } from "../helpers/streams.ts";

/** What the scanner makes of a text: the bits of the float, and where it stopped. */
function scan(text: string): { bits: number | undefined; end: number } {
  const out = Float32Array.of(0.5);
  const end = new NumberScanner(bytesOf(text), out).scan(0, 0);
  return { bits: end === -1 ? undefined : bitsOf(out[0] ?? 0), end };
}

function bitsOf(value: number): number | undefined {
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/;

function assertLikeNumber(text: string): void {
  const number = NUMBER.exec(text)?.[0];
  if (number === undefined) return strictEqual(scan(text).end, -1, text);
  const { bits, end } = scan(text);
  // A text such as "1.x" begins with a number, but no JSON does.
  if (end === -1) return strictEqual(/^(?:\.|[eE]|[0-9])/.test(text.slice(number.length)), true, text);
  deepStrictEqual({ bits, end }, { bits: bitsOf(Number(number)), end: number.length }, text);
}

Deno.test("numbers are read as Number reads them, to the last bit of the float", () => {
  const texts = [
    "0",
    "-0",
    "-0.0",
    "1e5",
    "1E+2",
    "2.5e-3",
    "1e999",
    "-1e999",
    "1e-400",
    "1e22",
    "1e23",
    "1e-22",
  ];
  texts.push("9007199254740991", "9007199254740992", "9007199254740993", "18446744073709551616");
  texts.push("12345678901234567890", "0.1234567890123456789012345678", "16777217", "16777216.99999999999");
  texts.push(
    "3.4028235677973366e38",
    "3.4028235677973365e38",
    "1.401298464324817e-45",
    "7.006492321624085e-46",
  );
  texts.push(
    "7.006492321624086e-46",
    "1.1754943508222875e-38",
    "0.000000000000000000000000000001",
    `1${"0".repeat(50)}`,
  );
  texts.push("16777219.000000000000000000001", "1.00000005960464477539062500", "1.000000059604644775390625");
  for (const text of texts) {
    for (const sign of ["", "-"]) assertLikeNumber(`${sign}${text.replace("-", "")},`);
    assertLikeNumber(text);
  }
});

Deno.test("what is no JSON number is refused", () => {
  for (
    const text of [
      "",
      "-",
      "+1",
      ".5",
      "1.",
      "1.e5",
      "01",
      "-01",
      "1e",
      "1e+",
      "NaN",
      "Infinity",
      "--1",
      "x",
      " 1",
    ]
  ) {
    strictEqual(scan(text).end, -1, text);
  }
  strictEqual(scan("1.5.3").end, 3);
  strictEqual(scan("0x10").end, 1);
});

Deno.test("any decimal text is read as Number reads it", () => {
  const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength });
  const text = fc.tuple(
    fc.constantFrom("", "-"),
    digits(24),
    fc.option(digits(24).map((decimals) => `.${decimals}`), { nil: "" }),
    fc.option(fc.tuple(fc.constantFrom("e", "E", "e+", "e-"), digits(3)).map((parts) => parts.join("")), {
      nil: "",
    }),
    fc.constantFrom("", ",", "}", " ", "."),
  ).map((parts) => parts.join(""));
  fc.assert(fc.property(text, assertLikeNumber), { numRuns: 20_000 });
});

Deno.test("what JSON.stringify and toFixed write of any float or double is read as Number reads it", () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.float({ noNaN: true, noDefaultInfinity: true }),
  );
  fc.assert(
    fc.property(value, fc.integer({ min: 0, max: 20 }), (number, decimals) => {
      assertLikeNumber(JSON.stringify(number));
      assertLikeNumber(number.toExponential(decimals));
      if (Math.abs(number) < 1e21) assertLikeNumber(number.toFixed(decimals));
    }),
    { numRuns: 5000 },
  );
});

Deno.test("numbers halfway between two floats, and a digit beside, are read as Number reads them", () => {
  const bits = fc.integer({ min: 1, max: 0x7f7f_fffe });
  fc.assert(
    fc.property(bits, fc.constantFrom(15, 16, 17, 18, 20, 24), (pattern, precision) => {
      const [low = 0, high = 0] = new Float32Array(Uint32Array.of(pattern, pattern + 1).buffer);
      assertLikeNumber(((low + high) / 2).toPrecision(precision));
    }),
    { numRuns: 10_000 },
  );
});
