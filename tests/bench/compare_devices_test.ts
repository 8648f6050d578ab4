import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import type { JsonObject } from "../../lib/base/json.ts";
import { compareDevices } from "../../lib/bench/compare_devices.ts";
import { fakeStarter } from "../helpers/bench_worker.ts";
import { packflowError } from "../helpers/packflow_error.ts";
import { FakeClock } from "../helpers/streams.ts";

const EVENTS = [{ x: 1 }, { x: 2 }, { x: 3 }];
const ANSWERS: Record<string, (event: JsonObject) => JsonObject> = {
  wasm: ({ x = 0 }) => ({ score: Number(x) / 10, label: "a" }),
  trees: ({ x = 0 }) => ({ score: Number(x) / 10 + 1e-7, label: "a" }),
  native: ({ x = 0 }) => ({ score: Number(x) / 10, label: x === 2 ? "b" : "a" }),
};

function compare(devices: (string | undefined)[], mustBeThere = false) {
  const { start, alive } = fakeStarter(new FakeClock(), ({ device }) => {
    const answer = device === undefined ? ANSWERS.wasm : ANSWERS[device];
    const ready = answer === undefined
      ? Promise.reject(new PackflowError("model.no_device", `Cannot use ${device}`))
      : Promise.resolve();
    ready.catch(() => {});
    return { pace: { batch: 1, event: 0 }, ready, ...(answer === undefined ? {} : { answer }) };
  });
  const options = { events: EVENTS, tolerance: 1e-3, startWorkers: start, mustBeThere };
  return { comparison: compareDevices(devices, options), alive };
}

Deno.test("each device is compared with wasm; one that is not there says why", async () => {
  const { comparison, alive } = compare(["trees", "wasm", "webgpu", "native"]);
  const { events, answers: [trees, wasm, native], missing } = await comparison;
  assert.equal(events, 3);
  assert.deepEqual(missing, [{ device: "webgpu", reason: "Cannot use webgpu" }]);
  assert.deepEqual(wasm, { device: "wasm", isReference: true, differing: 0, largestDifference: 0 });
  assert.equal(trees?.differing, 0);
  assert.ok(Math.abs((trees?.largestDifference ?? 0) - 1e-7) < 1e-12);
  assert.equal(native?.differing, 1);
  assert.equal(native?.example, 'event 2, "label": "a" and "b"');
  assert.equal(alive(), 0);
});

Deno.test("without wasm the first device that is there is compared with", async () => {
  const { answers } = await compare(["webgpu", "trees", "native"]).comparison;
  assert.deepEqual(answers.map(({ device, isReference }) => [device, isReference]), [
    ["trees", true],
    ["native", false],
  ]);
});

Deno.test("a project that chooses for itself has nothing to be compared with", async () => {
  const { answers, missing } = await compare([undefined]).comparison;
  assert.deepEqual(answers, [{ device: undefined, isReference: true, differing: 0, largestDifference: 0 }]);
  assert.deepEqual(missing, []);
});

Deno.test("a device asked for by name must be there, and one device at least", async () => {
  const named = compare(["wasm", "webgpu"], true);
  await packflowError(named.comparison, "model.no_device");
  assert.equal(named.alive(), 0);
  await packflowError(compare(["webgpu"]).comparison, "model.no_device");
});
