import { doesNotThrow, throws } from "node:assert/strict";
import { RunTotals } from "../../lib/stream/run_summary.ts";

Deno.test("totals in which every event is accounted for pass", () => {
  const totals = Object.assign(new RunTotals(), {
    read: 10,
    written: 4,
    dead: 3,
    skipped: 2,
    unanswered: 1,
    failed: 9,
  });
  doesNotThrow(() => totals.check());
});

Deno.test("an event that is lost, or written twice, is an internal error", () => {
  for (const written of [3, 5]) {
    const totals = Object.assign(new RunTotals(), { read: 4, written });
    throws(() => totals.check(), { code: "internal.unexpected", message: /^Cannot account for every event/ });
  }
});
