import assert from "node:assert/strict";
import { withSandboxOptions } from "../../lib/cli/sandbox_options.ts";
import { Command } from "../../lib/deps/commander.ts";

/** The values of the options after some arguments. */
function parse(args: readonly string[]) {
  const command = withSandboxOptions(new Command("x").exitOverride().configureOutput({ writeErr: () => {} }));
  return command.parse(args, { from: "user" }).opts();
}

Deno.test("code is isolated as well as can be, and gets nothing, unless options say so", () => {
  assert.deepEqual(parse([]), { sandbox: "auto" });
  assert.deepEqual(
    parse(["--sandbox", "strict", "--allow-net", "a:1,b", "--allow-env", "--allow-read", "/c"]),
    { sandbox: "strict", allowNet: ["a:1", "b"], allowEnv: true, allowRead: ["/c"] },
  );
  assert.throws(() => parse(["--sandbox", "some"]), /Allowed choices are auto, strict, off/);
});
