import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { outcomeOf, startModule } from "../helpers/start_module.ts";
import { endFirstWhenShort, startProcess } from "../../lib/host/child_process.ts";

const deno = (code: string) =>
  startProcess({ program: Deno.execPath(), args: ["eval", code], env: { ONLY: "this" }, cwd: "/" });

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  return new TextDecoder().decode(
    new Uint8Array((await Array.fromAsync(stream)).flatMap((chunk) => [...chunk])),
  );
}

Deno.test("a process has the environment and folder it is given, and its streams", async () => {
  const child = deno(
    "console.log(Deno.env.get('HOME'), Deno.env.get('ONLY'), Deno.cwd()); console.error('talk'); Deno.exit(3);",
  );
  assert.deepEqual(await Promise.all([textOf(child.output), textOf(child.errors)]), [
    "undefined this /\n",
    "talk\n",
  ]);
  assert.deepEqual(await child.ended, { code: 3, signal: null });
});

Deno.test("what is written arrives; a killed process ends with the signal, and may be killed again", async () => {
  const child = deno("for await (const chunk of Deno.stdin.readable) await Deno.stdout.write(chunk);");
  endFirstWhenShort(child.pid);
  await child.write(new TextEncoder().encode("hello"));
  for await (const chunk of child.output) {
    assert.equal(new TextDecoder().decode(chunk), "hello");
    break;
  }
  child.kill();
  child.kill();
  assert.equal((await child.ended).signal, "SIGKILL");
  assert.equal(await textOf(child.errors), "");
  await assert.rejects(child.write(new Uint8Array(1)));
});

Deno.test("a process that ends takes those it has started along, whatever they are doing", async () => {
  const parent = startModule(`
    import { startProcess } from "lib/host/child_process.ts";
    import { exit } from "lib/host/process.ts";
    const child = startProcess({
      program: Deno.execPath(),
      args: ["eval", "console.log('loops'); for (;;);"],
      env: {},
      cwd: "/",
    });
    for await (const _ of child.output) break;
    console.log(child.pid);
    exit(0);
  `);
  const { code, stdout } = await outcomeOf(parent);
  assert.equal(code, 0);
  await eventually("the child ends", async () => !await isRunning(Number(stdout)));
});

/** Whether a process runs: one that has ended may stay as a zombie until the system clears it away. */
async function isRunning(pid: number): Promise<boolean> {
  const state = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => ") Z");
  return !/\) [ZX]/.test(state);
}
