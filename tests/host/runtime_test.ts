import assert from "node:assert/strict";
import {
  executablePath,
  hasWasmSimd,
  hasWasmThreads,
  isCompiled,
  machineMemory,
  operatingSystem,
  runtimeName,
} from "../../lib/host/runtime.ts";

Deno.test("tests run from source, on Deno", () => {
  assert.deepEqual([isCompiled(), executablePath(), operatingSystem()], [
    false,
    Deno.execPath(),
    Deno.build.os,
  ]);
});

Deno.test("WebAssembly has threads from Deno 2.7 on", () => {
  const known = {
    "1.46.3": false,
    "2.0.0": false,
    "2.6.10": false,
    "2.7.0": true,
    "2.10.1": true,
    "3.0.0": true,
  };
  for (const [version, expected] of Object.entries(known)) {
    assert.equal(hasWasmThreads(version), expected, version);
  }
});

Deno.test("the runtime, its SIMD and the machine's memory are told", () => {
  assert.equal(runtimeName(), `Deno ${Deno.version.deno}`);
  assert.equal(hasWasmSimd(), true);
  const { total, available } = machineMemory();
  assert.ok(available > 0 && available <= total);
});
