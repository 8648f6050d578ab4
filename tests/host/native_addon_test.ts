import assert from "node:assert/strict";
import { addonPlatform, inMainThread, loadAddon, mayLoadAddons } from "../../lib/host/native_addon.ts";

Deno.test("what is no library is not loaded", async () => {
  const file = await Deno.makeTempFile({ suffix: ".node" });
  await Deno.writeTextFile(file, "no library");
  assert.throws(() => loadAddon(file));
  await Deno.remove(file);
});

Deno.test("the platform is two words, and this process may load libraries", () => {
  assert.match(addonPlatform(), /^\w+\/\w+$/);
  assert.equal(mayLoadAddons(), true);
  assert.equal(typeof inMainThread(), "boolean");
});

Deno.test({
  name: "a process without the permission may not load libraries",
  permissions: { ffi: false },
  fn: () => assert.equal(mayLoadAddons(), false),
});
