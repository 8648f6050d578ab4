import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../../scripts/run_deno.ts";

const CODE = `import { softenProcessEnv } from "${pathToFileURL(join(ROOT, "lib/host/process_env.ts")).href}";
softenProcessEnv();
const { env } = process;
const denied = (() => { try { return Deno.env.get("SECRET"); } catch (error) { return error.name; } })();
env.OPEN = "set";
console.log(JSON.stringify([env.OPEN, env.SECRET, "SECRET" in env, "OPEN" in env, Object.keys(env), { ...env }, denied]));
delete env.OPEN;
console.log(env.OPEN);`;

async function evaluate(...permissions: string[]): Promise<string[]> {
  const file = await Deno.makeTempFile({ suffix: ".js" });
  try {
    await Deno.writeTextFile(file, CODE);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-lock", ...permissions, file],
      env: { SECRET: "s", OPEN: "o" },
    }).output();
    assert.equal(new TextDecoder().decode(stderr), "");
    return new TextDecoder().decode(stdout).trim().split("\n");
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("process.env answers as if unset what may not be read, and Deno.env still refuses", async () => {
  const [read = "", removed] = await evaluate("--allow-env=OPEN");
  assert.deepEqual(JSON.parse(read), ["set", null, false, true, [], {}, "NotCapable"]);
  assert.equal(removed, "undefined");
});

Deno.test("what may be read is as it was", async () => {
  const [read = ""] = await evaluate("--allow-env");
  const [open, secret, hasSecret, , keys, all] = JSON.parse(read);
  assert.deepEqual([open, secret, hasSecret, all.SECRET], ["set", "s", true, "s"]);
  assert.ok(keys.includes("SECRET") && keys.includes("OPEN"));
});
