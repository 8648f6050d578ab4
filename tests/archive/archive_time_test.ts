import assert from "node:assert/strict";
import { archiveTime } from "../../lib/archive/archive_time.ts";
import { PackflowError } from "../../lib/base/errors.ts";

const FIRST = 315_532_800;
const LAST = 4_354_819_198;

Deno.test("archiveTime brings SOURCE_DATE_EPOCH into what every format can say", () => {
  const cases: [string, number][] = [
    ["", FIRST],
    ["0", FIRST],
    ["315532799", FIRST],
    ["315532800", FIRST],
    ["315532801", FIRST + 1],
    ["1700000000", 1_700_000_000],
    [String(2 ** 31), 2 ** 31],
    [String(2 ** 32), 2 ** 32],
    ["4354819199", LAST],
    ["99999999999999999999", LAST],
  ];
  for (const [text, expected] of cases) assert.equal(archiveTime(text), expected, text);
});

Deno.test("archiveTime refuses a SOURCE_DATE_EPOCH that is no whole number of seconds", () => {
  for (const text of ["junk", "-1", "1.5", "1e9", " 1", "0x10", "１", "9".repeat(21), "2020-01-01"]) {
    assert.throws(
      () => archiveTime(text),
      (error) => error instanceof PackflowError && error.code === "usage.invalid_environment",
      text,
    );
  }
});
