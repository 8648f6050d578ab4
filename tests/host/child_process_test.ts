import assert from "node:assert/strict";
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
