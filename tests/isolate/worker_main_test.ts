import assert from "node:assert/strict";
import { decodeText, encodeJson, FRAME, FrameParser, frameStart } from "../../lib/isolate/worker_protocol.ts";
import { writeBackendProject } from "../helpers/backend_project.ts";

const MAIN = import.meta.resolve("../../lib/isolate/worker_main.ts");

/** Runs a worker on these bytes and gives all that it wrote. */
async function run(input: Uint8Array): Promise<{ code: number; stdout: Uint8Array }> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN],
    stdin: "piped",
    stdout: "piped",
  });
  await using child = command.spawn();
  const writer = child.stdin.getWriter();
  await writer.write(input);
  await writer.close();
  const { code, stdout } = await child.output();
  return { code, stdout };
}

Deno.test("a worker ends when nobody speaks to it any more", async () => {
  assert.deepEqual(await run(new Uint8Array(0)), { code: 0, stdout: new Uint8Array(0) });
  assert.equal((await run(new Uint8Array(3))).code, 0);
});

Deno.test("a worker takes its setup, answers calls, and ends with its input", async () => {
  await using project = await writeBackendProject({ "model.txt": "" });
  const secret = new Uint8Array(16).fill(9);
  const { folder } = project;
  const setup = {
    folder,
    reference: { kind: "builtin", name: "OnnxBackend" },
    build: { manifestConfig: { model: "gone.onnx" } },
    isConfined: true,
  };
  const head = encodeJson(setup);
  const { code, stdout } = await run(
    new Uint8Array([...frameStart(FRAME.setup, 0, { head, body: secret }), ...secret]),
  );
  const [frame] = new FrameParser(secret).push(stdout);
  assert.ok(frame);
  assert.deepEqual([code, frame.type, JSON.parse(decodeText(frame.head)).code], [
    0,
    FRAME.failure,
    "model.not_found",
  ]);
});
