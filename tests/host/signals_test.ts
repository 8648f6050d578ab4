import assert from "node:assert/strict";
import { startModule } from "../helpers/start_module.ts";

/** Says when it listens, and each time it is called back; "remove" on its input stops it listening. */
const LISTENER = `
  import { onStopSignal } from "lib/host/signals.ts";
  const unlisten = onStopSignal(() => console.log("stopping"));
  console.log("listening");
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    if (text !== "remove") continue;
    unlisten();
    console.log("removed");
  }
`;

/** Starts the listener, does the steps - a signal or text for its input, each answered by a line - then the last. */
async function listen(
  steps: readonly [send: Deno.Signal | "remove", answer: string][],
  last: Deno.Signal | "end of input",
): Promise<Deno.CommandStatus> {
  await using process = startModule(LISTENER);
  const lines = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const input = process.stdin.getWriter();
  assert.equal((await lines.read()).value, "listening\n");
  for (const [send, answer] of steps) {
    if (send === "remove") await input.write(new TextEncoder().encode(send));
    else process.kill(send);
    assert.equal((await lines.read()).value, `${answer}\n`);
  }
  if (last !== "end of input") process.kill(last);
  else await input.close();
  assert.equal((await lines.read()).done, true);
  const [status] = await Promise.all([process.status, process.stderr.cancel()]);
  if (last !== "end of input") await input.abort().catch(() => {});
  return status;
}

Deno.test("the first stop signal calls back, the second ends the process with the signal's status", async () => {
  assert.equal((await listen([["SIGINT", "stopping"]], "SIGINT")).code, 130);
  assert.equal((await listen([["SIGTERM", "stopping"]], "SIGTERM")).code, 143);
});

Deno.test("two different stop signals count together; the second one's status is given", async () => {
  assert.equal((await listen([["SIGINT", "stopping"]], "SIGTERM")).code, 143);
  assert.equal((await listen([["SIGTERM", "stopping"]], "SIGINT")).code, 130);
});

Deno.test("after the first signal the process ends as it likes, and listening keeps none alive", async () => {
  assert.equal((await listen([["SIGINT", "stopping"]], "end of input")).code, 0);
  assert.equal((await listen([], "end of input")).code, 0);
});

Deno.test("once it no longer listens, a stop signal ends the process as it would any", async () => {
  const status = await listen([["remove", "removed"]], "SIGTERM");
  assert.deepEqual([status.success, status.signal], [false, "SIGTERM"]);
});
