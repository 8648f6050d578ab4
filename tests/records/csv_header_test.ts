import { deepStrictEqual, throws } from "node:assert/strict";
import { checkSameHeader, parseCsvHeader } from "../../lib/records/csv_header.ts";
import { bytesOf } from "../helpers/streams.ts";

const PLACE = { file: "a.csv", line: 1 };
const parse = (row: string, delimiter = ",") => parseCsvHeader(bytesOf(row), delimiter, PLACE);

Deno.test("names are taken as they stand, quoted or not, one of them even empty", () => {
  deepStrictEqual(parse(',"a,b", c ,größe'), ["", "a,b", " c ", "größe"]);
  deepStrictEqual(parse("a;b,c", ";"), ["a", "b,c"]);
});

Deno.test("a header that names no columns of its own is refused with its place", () => {
  const code = "source.invalid_header";
  throws(() => parse("a,b,a"), { code, place: PLACE, message: /"a" stands there twice$/ });
  throws(() => parse('a,"b'), { code, message: /the quote must be closed: see byte 2 of the line$/ });
  throws(() => parse("a\rb"), { code, message: /carriage return/ });
  throws(() => parseCsvHeader(Uint8Array.of(0x61, 0xff), ",", PLACE), { code, message: /must be UTF-8$/ });
});

Deno.test("a file with other columns is refused, with the first that differs", () => {
  const first = { file: "a.csv", columns: ["x", "y"] };
  const check = (...columns: string[]) => checkSameHeader(columns, first, "b.csv");
  check("x", "y");
  const code = "source.other_header";
  throws(() => check("y", "x"), { code, message: /column 1 is "y" in place of "x"$/ });
  throws(() => check("x"), { code, message: /column 2 is none in place of "y"$/ });
  throws(() => check("x", "y", "z"), {
    code,
    message: /"b.csv" after "a.csv".*column 3 is "z" in place of none$/,
  });
});
