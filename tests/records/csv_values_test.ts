import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { csvValueReader } from "../../lib/records/csv_values.ts";
import { fc } from "../helpers/fast_check.ts";

const plain = csvValueReader();

Deno.test("numbers as JSON writes them, true, false and null are read as such, nothing as a field that lacks", () => {
  const texts = ["0", "-0", "42", "-1.50", "6.02e23", "1E-7", "true", "false", "null", ""];
  deepStrictEqual(texts.map(plain), [0, -0, 42, -1.5, 6.02e23, 1e-7, true, false, null, undefined]);
});

Deno.test("whatever is no JSON number, or would lose digits, stays text", () => {
  const texts = [
    "01234",
    "+1",
    ".5",
    "5.",
    "1,5",
    "0x10",
    "1e999",
    "Infinity",
    "NaN",
    " 1",
    "1 ",
    "-",
    "--1",
    "1-2",
  ];
  deepStrictEqual(texts.map(plain), texts);
  const long = [
    "9007199254740993",
    "12345678901234567890",
    "-9007199254740992",
    "True",
    "NULL",
    "=1+1",
    "@x",
  ];
  deepStrictEqual(long.map(plain), long);
  strictEqual(plain("9007199254740991"), Number.MAX_SAFE_INTEGER);
});

Deno.test("a number is the very one that JSON reads", () => {
  const numbers = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
    fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 17n }), fc.integer({ min: 1, max: 22 })).map(
      ([digits, places]) => {
        const text = String(digits).padStart(places + 1, "0");
        return `${text.slice(0, -places)}.${text.slice(-places)}`;
      },
    ),
    fc.maxSafeInteger().map(String),
  );
  fc.assert(
    fc.property(numbers, fc.boolean(), (text, negative) => {
      const signed = negative && !text.startsWith("-") ? `-${text}` : text;
      const exact = JSON.parse(signed);
      const kept = Number.isInteger(exact) && !/[.e]/.test(signed) && !Number.isSafeInteger(exact);
      strictEqual(Object.is(plain(signed), kept ? signed : exact), true, signed);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("text of any kind that JSON does not read as a number is never one", () => {
  const texts = fc.string({ unit: fc.constantFrom(..."0123456789.-+eE x") });
  fc.assert(
    fc.property(texts, (text) => {
      let value: unknown;
      try {
        value = /^\s|\s$/.test(text) ? text : JSON.parse(text);
      } catch {
        value = text;
      }
      const read = plain(text);
      if (typeof value !== "number") strictEqual(read, text === "" ? undefined : text);
      else strictEqual(typeof read === "string" ? Number(read) : read, value);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("text takes everything as it is", () => {
  const texts = ["", "1", "true", "null", " x "];
  deepStrictEqual(texts.map(csvValueReader("text")), texts);
});

Deno.test("a number may be written more freely, but not as anything else", () => {
  const number = csvValueReader("number");
  deepStrictEqual(["+1", "007", ".5", "5.", " 2 ", "1e3"].map(number), [1, 7, 0.5, 5, 2, 1000]);
  deepStrictEqual(["12345678901234567890"].map(number), [12345678901234567890]);
  const others = ["abc", "0x10", "NaN", "Infinity", "1e999", " ", "1 2", "1,5", "."];
  deepStrictEqual(others.map(number), others);
  strictEqual(number(""), undefined);
});

Deno.test("an integer that a double would alter stays digits", () => {
  const integer = csvValueReader("integer");
  deepStrictEqual(["5", "007", "2.0", "2.5"].map(integer), [5, 7, 2, 2.5]);
  deepStrictEqual(["12345678901234567890", "x"].map(integer), ["12345678901234567890", "x"]);
  strictEqual(integer(""), undefined);
});

Deno.test("a boolean may be written as other programs do", () => {
  const boolean = csvValueReader("boolean");
  deepStrictEqual(["true", "False", "TRUE", "1", "0", "yes", ""].map(boolean), [
    true,
    false,
    true,
    1,
    0,
    "yes",
    undefined,
  ]);
});
