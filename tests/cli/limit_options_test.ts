import assert from "node:assert/strict";
import { Command } from "../../lib/deps/commander.ts";
import { limitsOf, withLimitOptions } from "../../lib/cli/limit_options.ts";

function parse(...args: string[]) {
  return limitsOf(withLimitOptions(new Command()).exitOverride().parse(args, { from: "user" }).opts());
}

Deno.test("turns options into limits, and leaves the others to their defaults", () => {
  assert.deepEqual(parse(), {});
  assert.deepEqual(parse("--max-total", "10", "--max-file", "9", "--max-ratio", "8", "--max-entries", "7"), {
    totalSize: 10,
    fileSize: 9,
    ratio: 8,
    entries: 7,
  });
});
