import assert from "node:assert/strict";
import { args } from "../../lib/host/process.ts";
import { outcomeOf, startModule } from "../helpers/start_module.ts";

Deno.test("args are those after the program, untouched", async () => {
  const given = ["run", "--x=1", "--", "-", "", "a b", "è"];
  const text = 'import { args } from "lib/host/process.ts"; console.log(JSON.stringify(args()));';
  const { stdout } = await outcomeOf(startModule(text, { args: given }));
  assert.deepEqual(JSON.parse(stdout), given);
});

Deno.test("args are the caller's own copy", () => {
  const before = [...Deno.args];
  args().push("more");
  assert.deepEqual([args(), Deno.args], [before, before]);
});

Deno.test("exit ends the process with its status, and nothing runs after it", async () => {
  for (const status of [0, 3, 130]) {
    const text = `import { exit } from "lib/host/process.ts"; console.log("before"); exit(${status}); ` +
      'console.log("after");';
    const { code, stdout } = await outcomeOf(startModule(text));
    assert.deepEqual([code, stdout], [status, "before\n"]);
  }
});
