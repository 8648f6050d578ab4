import assert from "node:assert/strict";
import { runModule } from "../helpers/run_module.ts";

Deno.test("standard output and input belong to whoever took them", async () => {
  const printed = await runModule(`
    import { takeStdio } from "lib/host/worker_stdio.ts";
    import process from "node:process";
    const stdio = takeStdio();
    const bytes = (text) => new TextEncoder().encode(text);
    Deno.stdout.writeSync(bytes("1"));
    await Deno.stdout.write(bytes("2"));
    await new Response("3").body.pipeTo(Deno.stdout.writable, { preventClose: true });
    process.stdout.write("4");
    console.log("5");
    const read = [await Deno.stdin.read(new Uint8Array(1)), Deno.stdin.readSync(new Uint8Array(1))];
    const chunks = await Array.fromAsync(Deno.stdin.readable);
    stdio.writeSync(bytes(JSON.stringify([...read, chunks.length])));
  `);
  assert.equal(printed, "[null,null,0]");
});

Deno.test("late errors do not end the process, and what is stored elsewhere is gone", async () => {
  const printed = await runModule(`
    import { hideGlobals, onLateError, revokePermissions } from "lib/host/worker_stdio.ts";
    const seen = [];
    const { promise, resolve } = Promise.withResolvers();
    onLateError((error) => { seen.push(error.message); if (seen.length === 2) resolve(); });
    Promise.reject(new Error("a"));
    setTimeout(() => { throw new Error("b"); });
    await promise;
    hideGlobals();
    revokePermissions(["net", "nonsense", "run"]);
    const states = ["net", "run", "read"].map((name) => Deno.permissions.querySync({ name }).state);
    console.log(JSON.stringify([seen, typeof localStorage, typeof caches, typeof prompt, states]));
  `);
  assert.deepEqual(JSON.parse(printed), [["a", "b"], "undefined", "undefined", "undefined", [
    "prompt",
    "prompt",
    "granted",
  ]]);
});
