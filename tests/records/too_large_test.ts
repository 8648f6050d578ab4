import { deepStrictEqual } from "node:assert/strict";
import { tooLargeFault } from "../../lib/records/too_large.ts";

Deno.test("the fault tells the size and the limit", () => {
  deepStrictEqual(tooLargeFault(11, 10), {
    code: "event.too_large",
    message: "Cannot read event as it must have at most 10 bytes: current size is 11 bytes",
    bytes: 11,
  });
});
