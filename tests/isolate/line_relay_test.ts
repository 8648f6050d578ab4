import assert from "node:assert/strict";
import { LineRelay } from "../../lib/isolate/line_relay.ts";

function relay() {
  const lines: string[] = [];
  let now = 0;
  const made = new LineRelay({ write: (line) => lines.push(line), now: () => now });
  return {
    lines,
    relay: made,
    say: (text: string) => made.push(new TextEncoder().encode(text)),
    wait: (ms: number) => now += ms,
  };
}

Deno.test("lines pass as they come, the last one also without its end", () => {
  const { lines, relay: made, say } = relay();
  for (const part of ["a", "b\nc\r\n", "\nd"]) say(part);
  assert.deepEqual(lines, ["ab", "c", ""]);
  made.end();
  assert.deepEqual(lines, ["ab", "c", "", "d"]);
  assert.equal(made.tail, "ab\nc\r\n\nd");
});

Deno.test("characters that control terminals do not pass", () => {
  const { lines, say } = relay();
  say("\x1b[2J\tred\x07\n");
  assert.deepEqual(lines, ["\ufffd[2J\tred\ufffd"]);
});

Deno.test("a flood is cut until the second is over, and the note tells how much", () => {
  const { lines, relay: made, say, wait } = relay();
  for (let i = 0; i < 100; i++) say(`${"x".repeat(999)}\n`);
  assert.equal(lines.length, 65);
  wait(1000);
  say("after\n");
  assert.deepEqual(lines.slice(65), [`(${35 * 999} characters more were dropped)`, "after"]);
  made.end();
  assert.equal(lines.length, 67);
});

Deno.test("a line without end is passed in parts", () => {
  const { lines, say } = relay();
  say("x".repeat(10_000));
  assert.deepEqual(lines.map((line) => line.length), [4096, 4096, 1808]);
});
