import { strictEqual } from "node:assert/strict";
import { systemClock } from "../../lib/host/clock.ts";

Deno.test("the clock never goes back", () => {
  const first = systemClock.now();
  strictEqual(systemClock.now() >= first, true);
});

Deno.test("a call comes after a turn of the event loop, or after its time", async () => {
  let called = "";
  const both = Promise.all([
    new Promise<void>((resolve) => systemClock.after(1, () => resolve(void (called += "later")))),
    new Promise<void>((resolve) => systemClock.after(0, () => resolve(void (called += "soon ")))),
  ]);
  strictEqual(called, "");
  await both;
  strictEqual(called.includes("soon"), true);
  strictEqual(called.includes("later"), true);
});

Deno.test("a call that is cancelled does not come", async () => {
  let called = 0;
  for (const ms of [0, 1]) systemClock.after(ms, () => called++)();
  await new Promise<void>((resolve) => systemClock.after(2, resolve));
  strictEqual(called, 0);
});
