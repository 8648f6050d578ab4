import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { overErrorLimit, parseErrorLimit } from "../../lib/stream/error_limit.ts";

Deno.test("a limit is a number or a share", () => {
  deepStrictEqual(parseErrorLimit("0"), { count: 0 });
  deepStrictEqual(parseErrorLimit("12"), { count: 12 });
  deepStrictEqual(parseErrorLimit("2.5%"), { share: 0.025 });
  for (const text of ["", "-1", "1.5", "101%", "%", "x"]) strictEqual(parseErrorLimit(text), undefined);
});

Deno.test("a number is over when one more has failed", () => {
  const at = (failed: number) => overErrorLimit({ count: 2 }, { read: 3, failed, ended: false })?.code;
  deepStrictEqual([at(2), at(3)], [undefined, "event.too_many_failed"]);
});

Deno.test("a share is looked at from 100 events on, and at the end", () => {
  const at = (read: number, failed: number, ended = false) =>
    overErrorLimit({ share: 0.1 }, { read, failed, ended }) !== undefined;
  deepStrictEqual([at(50, 50), at(100, 10), at(100, 11), at(50, 5, true), at(50, 6, true)], [
    false,
    false,
    true,
    false,
    true,
  ]);
});
