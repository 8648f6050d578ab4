import assert from "node:assert/strict";
import * as ort from "../../lib/deps/ort_web.ts";
import { gpuRuntime, WebRuntime, webRuntime } from "../../lib/onnx/web_runtime.ts";

Deno.test("serially starts a task when the one before has ended, in order", async () => {
  const runtime = new WebRuntime(ort);
  const happened: string[] = [];
  const task = (name: string) => async () => {
    happened.push(`${name} begins`);
    await Promise.resolve();
    happened.push(`${name} ends`);
    return name;
  };
  const results = await Promise.all(["a", "b", "c"].map((name) => runtime.serially(task(name))));
  assert.deepEqual(results, ["a", "b", "c"]);
  assert.deepEqual(happened, ["a", "b", "c"].flatMap((name) => [`${name} begins`, `${name} ends`]));
});

Deno.test("serially goes on after a task that failed, and tells its caller alone", async () => {
  const runtime = new WebRuntime(ort);
  const failing = runtime.serially(() => Promise.reject(new Error("no")));
  const next = runtime.serially(() => Promise.resolve("next"));
  await assert.rejects(failing, /no/);
  assert.equal(await next, "next");
  assert.equal(await runtime.serially(() => Promise.resolve("idle again")), "idle again");
});

Deno.test("webRuntime is one per process, quiet and with one thread", async () => {
  const [first, second] = await Promise.all([webRuntime(), webRuntime()]);
  assert.equal(first, second);
  assert.equal(first.ort.env.logLevel, "fatal");
  assert.equal(first.ort.env.wasm.numThreads, 1);
});

Deno.test("gpuRuntime is another build, as quiet, with a queue of its own", async () => {
  const [cpu, gpu, again] = await Promise.all([webRuntime(), gpuRuntime(), gpuRuntime()]);
  assert.equal(gpu, again);
  assert.notEqual(gpu.ort, cpu.ort);
  assert.deepEqual([gpu.ort.env.logLevel, gpu.ort.env.wasm.numThreads], ["fatal", 1]);
});
