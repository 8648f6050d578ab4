import assert from "node:assert/strict";
import { encodeOrder } from "../../lib/isolate/launch_order.ts";
import { UNSAFE_EXIT } from "../../lib/isolate/worker_exit.ts";

/** Runs the launcher with some bytes as its whole input. */
async function launcher(input: Uint8Array): Promise<{ code: number; stdout: string; stderr: string }> {
  const url = import.meta.resolve("../../lib/isolate/launch_worker.ts");
  const code = `import { launchWorker } from ${JSON.stringify(url)}; launchWorker();`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(input);
  await writer.close();
  const output = await child.output();
  const [stdout, stderr] = [output.stdout, output.stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code: output.code, stdout: stdout ?? "", stderr: stderr ?? "" };
}

Deno.test("a launcher that cannot do its work says so and starts nothing", async () => {
  const order = { args: ["--version"], env: {}, cwd: "/no/such/folder", read: [], net: false };
  for (const input of [encodeOrder(order), Uint8Array.of(1, 0, 0, 0, 0x7b)]) {
    const { code, stdout, stderr } = await launcher(input);
    assert.deepEqual([code, stdout], [UNSAFE_EXIT, ""]);
    assert.ok(stderr.length > 0);
  }
});

Deno.test("a launcher that gets no order ends quietly", async () => {
  for (const input of [new Uint8Array(), Uint8Array.of(9, 0, 0), Uint8Array.of(9, 0, 0, 0, 0x7b)]) {
    assert.deepEqual(await launcher(input), { code: 0, stdout: "", stderr: "" });
  }
});
