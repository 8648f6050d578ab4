import assert from "node:assert/strict";
import { getEnv, setEnvIfUnset } from "../../lib/host/env.ts";
import { outcomeOf, startModule } from "../helpers/start_module.ts";

Deno.test("getEnv gives what is set, also the empty text", async () => {
  const text = 'import { getEnv } from "lib/host/env.ts";' +
    'console.log(JSON.stringify([getEnv("SET"), getEnv("EMPTY"), getEnv("UNSET") ?? "none"]));';
  const { stdout } = await outcomeOf(startModule(text, { env: { SET: "a=b è", EMPTY: "" } }));
  assert.deepEqual(JSON.parse(stdout), ["a=b è", "", "none"]);
});

Deno.test("getEnv takes a variable that may not be read for unset", { permissions: { env: false } }, () => {
  assert.throws(() => Deno.env.get("PATH"), Deno.errors.NotCapable);
  assert.equal(getEnv("PATH"), undefined);
});

Deno.test("getEnv lets any other fault through", () => {
  assert.throws(() => getEnv(""), TypeError);
  assert.throws(() => getEnv("a=b"), TypeError);
});

Deno.test("setEnvIfUnset leaves what is set, the empty text too", async () => {
  const text = 'import { setEnvIfUnset } from "lib/host/env.ts";' +
    'for (const name of ["SET", "EMPTY", "UNSET"]) setEnvIfUnset(name, "new");' +
    'console.log(JSON.stringify(["SET", "EMPTY", "UNSET"].map((name) => Deno.env.get(name))));';
  const { stdout } = await outcomeOf(startModule(text, { env: { SET: "old", EMPTY: "" } }));
  assert.deepEqual(JSON.parse(stdout), ["old", "", "new"]);
});

Deno.test("setEnvIfUnset does nothing where that is not allowed", { permissions: { env: false } }, () => {
  setEnvIfUnset("PACKFLOW_TEST_UNSET", "x");
});
