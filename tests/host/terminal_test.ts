import assert from "node:assert/strict";
import { writeStderr, writeStdout } from "../../lib/host/terminal.ts";
import { outcomeOf, startModule } from "../helpers/start_module.ts";

const IMPORT =
  'import { stderrIsTerminal, stdinIsTerminal, writeStderr, writeStdout } from "lib/host/terminal.ts";';
const UNTIL_INPUT_ENDS = "for await (const _ of Deno.stdin.readable);";

/** Calls while a stream takes three bytes at a time and every second time none at all; gives what it took. */
function withSlowStream(stream: typeof Deno.stdout | typeof Deno.stderr, call: () => void): string {
  const taken: number[] = [];
  let isReady = false;
  const own = stream.writeSync;
  stream.writeSync = (data) => {
    isReady = !isReady;
    if (!isReady) throw new Deno.errors.WouldBlock("Resource temporarily unavailable (os error 11)");
    taken.push(...data.subarray(0, 3));
    return Math.min(3, data.length);
  };
  try {
    call();
  } finally {
    stream.writeSync = own;
  }
  return new TextDecoder().decode(Uint8Array.from(taken));
}

Deno.test("all of a text is written, to the stream it is meant for", async () => {
  const text = `${IMPORT} writeStdout("è🚀".repeat(200_000)); writeStdout(""); writeStderr("talk\\n");`;
  const { stdout, stderr } = await outcomeOf(startModule(text));
  assert.equal(stdout, "è🚀".repeat(200_000));
  assert.equal(stderr, "talk\n");
});

Deno.test("a pipe that takes little at a time, or nothing just now, gets all of a text", () => {
  const text = "è🚀 and more";
  assert.equal(withSlowStream(Deno.stdout, () => writeStdout(text)), text);
  assert.equal(withSlowStream(Deno.stderr, () => writeStderr(text)), text);
});

Deno.test("writing to standard output throws BrokenPipe when its reader is gone", async () => {
  const process = startModule(
    `${IMPORT} ${UNTIL_INPUT_ENDS}
    try { writeStdout("x"); } catch (error) { writeStderr(error.name); }`,
  );
  await process.stdout.cancel();
  await process.stdin.close();
  assert.equal(await new Response(process.stderr).text(), "BrokenPipe");
  assert.equal((await process.status).code, 0);
});

Deno.test("writing to standard error does nothing when its reader is gone", async () => {
  const process = startModule(`${IMPORT} ${UNTIL_INPUT_ENDS} writeStderr("x"); writeStdout("went on");`);
  await process.stderr.cancel();
  await process.stdin.close();
  assert.equal(await new Response(process.stdout).text(), "went on");
  assert.equal((await process.status).code, 0);
});

Deno.test("a fault of a stream other than a reader that is gone gets through", () => {
  const own = Deno.stderr.writeSync;
  Deno.stderr.writeSync = () => {
    throw new RangeError("broken");
  };
  try {
    assert.throws(() => writeStderr("x"), RangeError);
  } finally {
    Deno.stderr.writeSync = own;
  }
});

Deno.test("a pipe is no terminal", async () => {
  const { stdout } = await outcomeOf(
    startModule(`${IMPORT} writeStdout(String([stdinIsTerminal(), stderrIsTerminal()]));`),
  );
  assert.equal(stdout, "false,false");
});
