import assert from "node:assert/strict";
import { COMMANDS } from "../../lib/cli/commands.ts";
import { main } from "../../lib/cli/main.ts";
import { capturedOutput } from "../helpers/captured_output.ts";

const NAMES = [
  "create",
  "validate",
  "test",
  "run",
  "bench",
  "serve",
  "package",
  "inspect",
  "keygen",
  "sign",
  "diff",
  "verify",
  "unpack",
  "doctor",
  "explain",
  "schema",
  "completion",
  "man",
];

Deno.test("the commands are these, in this order", () => {
  assert.deepEqual(Object.keys(COMMANDS), NAMES);
});

for (const [name, { load }] of Object.entries(COMMANDS)) {
  Deno.test(`${name} has a description, arguments and options that say what they are, and examples`, async () => {
    const command = (await load())(() => assert.fail("nothing was run"));
    assert.equal(command.name(), name);
    assert.match(command.description(), /^[A-Z].*\.$/);
    for (const { description } of [...command.registeredArguments, ...command.options]) {
      assert.ok(description.length > 3, description);
    }
    const { value, stdout, stderr } = await capturedOutput(() => main([name, "--help"]));
    assert.deepEqual([value, stderr], [0, ""]);
    assert.match(stdout, new RegExp(`\\nExamples:\\n( {2}\\$ packflow ${name}\\b.*\\n?)+`));
  });
}
