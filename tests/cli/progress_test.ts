import assert from "node:assert/strict";
import { Progress } from "../../lib/cli/progress.ts";
import { capturedOutput } from "../helpers/captured_output.ts";

/** Runs with a clock that stands at what `set` was given last, in milliseconds. */
async function withClock(
  isTerminal: boolean,
  run: (set: (now: number) => void) => void,
): Promise<string> {
  const own = performance.now;
  let time = 1000;
  performance.now = () => time;
  try {
    const { stdout, stderr } = await capturedOutput(() => run((now) => time = now), { isTerminal });
    assert.equal(stdout, "");
    return stderr;
  } finally {
    performance.now = own;
  }
}

Deno.test("progress says events, rate, failures, share and rest, a few times a second", async () => {
  const text = await withClock(true, (set) => {
    const progress = new Progress(4000);
    set(3000);
    progress.show({ read: 5000, failed: 2, bytesRead: 1000 });
    set(3100);
    progress.show({ read: 5100, failed: 2, bytesRead: 1100 });
    set(3300);
    progress.show({ read: 6900, failed: 2, bytesRead: 2000 });
    progress.clear();
  });
  assert.deepEqual(text.split("\r\x1b[K"), [
    "",
    "5,000 events  2,500/s  2 failed  25 % of 4.0 kB  6 s left",
    "6,900 events  3,000/s  2 failed  50 % of 4.0 kB  3 s left",
    "",
  ]);
});

Deno.test("progress of an input without end has no share", async () => {
  const text = await withClock(true, (set) => {
    const progress = new Progress(undefined);
    set(2000);
    progress.show({ read: 10, failed: 0, bytesRead: 100 });
  });
  assert.equal(text, "\r\x1b[K10 events  10/s");
});

Deno.test("where standard error is no terminal, progress is silent", async () => {
  const text = await withClock(false, (set) => {
    const progress = new Progress(4000);
    set(3000);
    progress.show({ read: 5000, failed: 0, bytesRead: 1000 });
    progress.clear();
  });
  assert.equal(text, "");
});

Deno.test("what was never shown is not cleared", async () => {
  assert.equal(await withClock(true, () => new Progress(1).clear()), "");
});
