import assert from "node:assert/strict";
import { peakMemoryOf } from "../../lib/host/process_memory.ts";

Deno.test("the peak of this very process is at least what it holds now", {
  ignore: Deno.build.os !== "linux",
}, () => {
  const now = Deno.memoryUsage().heapUsed;
  const peak = peakMemoryOf(Deno.pid);
  assert.ok(peak !== undefined && peak > now, `${peak} must exceed ${now}`);
});

Deno.test("a process that is not there has no memory", () => {
  assert.equal(peakMemoryOf(2 ** 31 - 1), undefined);
});
