import assert from "node:assert/strict";
import { isBuiltinModule } from "../../lib/host/builtin_modules.ts";

Deno.test("modules of the runtime are known with and without node:", () => {
  for (const name of ["fs", "fs/promises", "node:path", "util"]) {
    assert.equal(isBuiltinModule(name), true, name);
  }
  for (const name of ["lodash", "fsx", "node:nothing", ""]) assert.equal(isBuiltinModule(name), false, name);
});
