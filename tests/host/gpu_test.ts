import assert from "node:assert/strict";
import { findGpu } from "../../lib/host/gpu.ts";

/** Something that stands in for WebGPU. */
const gpu = (adapter: unknown) => ({ requestAdapter: () => Promise.resolve(adapter) }) as GPU;

Deno.test("findGpu says why there is no GPU", async () => {
  assert.match(String(await findGpu(gpu(null))), /no adapter: a driver for Vulkan/);
  const info = { description: "Test GPU", vendor: "1" };
  assert.match(
    String(await findGpu(gpu({ info, requestDevice: () => ({}) }))),
    /^this runtime, Deno .*no usable/,
  );
  assert.equal(
    await findGpu(gpu({ info, requestDevice: () => Promise.resolve({}) }), "2.6.10"),
    "this runtime, Deno 2.6.10, has no usable WebGPU: Deno 2.9 has",
  );
  const lost = () => Promise.reject(new Error("lost"));
  assert.equal(await findGpu(gpu({ info, requestDevice: lost })), 'WebGPU cannot use "Test GPU": lost');
});

Deno.test("findGpu names the GPU and knows a program on the processor", async () => {
  let destroyed = 0;
  const requestDevice = () => Promise.resolve({ destroy: () => destroyed++ });
  const find = (info: object) => findGpu(gpu({ info, requestDevice }));
  assert.deepEqual(await find({ description: "GeForce" }), { name: "GeForce", isSoftware: false });
  assert.deepEqual(await find({ description: "", vendor: "v" }), { name: "v", isSoftware: false });
  assert.deepEqual(await find({ description: "llvmpipe (LLVM 15)" }), {
    name: "llvmpipe (LLVM 15)",
    isSoftware: true,
  });
  assert.deepEqual(await find({ description: "x", isFallbackAdapter: true }), {
    name: "x",
    isSoftware: true,
  });
  assert.equal(destroyed, 4);
});
