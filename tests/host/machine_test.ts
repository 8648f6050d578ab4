import assert from "node:assert/strict";
import { describeMachine } from "../../lib/host/machine.ts";

Deno.test("the machine has cores, memory and a name", () => {
  const { cores, memory, system, load } = describeMachine();
  assert.ok(cores >= 1);
  assert.ok(memory > 1024 ** 2);
  assert.equal(system, `${Deno.build.os} ${Deno.build.arch}`);
  assert.ok(load >= 0);
});
