import assert from "node:assert/strict";
import { isUnread, print } from "../../lib/cli/print.ts";
import { capturedOutput } from "../helpers/captured_output.ts";

async function faultOf(stdoutFault: Error): Promise<unknown> {
  return await capturedOutput(() => print("x"), { stdoutFault }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

Deno.test("print writes text as it is to standard output", async () => {
  assert.equal((await capturedOutput(() => print("è\n"))).stdout, "è\n");
});

Deno.test("a reader that left is told apart from a full disk and the rest", async () => {
  const closed = await faultOf(new Deno.errors.BrokenPipe("Broken pipe (os error 32)"));
  const full = await faultOf(new Error("No space left on device (os error 28)"));
  const other = await faultOf(new Error("Input/output error (os error 5)"));
  assert.deepEqual([closed, full, other].map(isUnread), [true, false, false]);
  assert.match(String(full), /standard output as there is no space left on its device$/);
  assert.match(String(other), /standard output as writing failed$/);
});
