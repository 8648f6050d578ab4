import assert from "node:assert/strict";
import { recommend } from "../../lib/bench/recommend.ts";
import { measurement } from "../helpers/bench_report.ts";

const of = (device: string, workers: number, batchSize: number, perSecond: number, p99?: number) =>
  measurement({ device, workers, batchSize }, { perSecond, ...(p99 === undefined ? {} : { p99 }) });

Deno.test("the most events a second are recommended", () => {
  const all = [of("wasm", 1, 1, 10), of("wasm", 1, 32, 100), of("wasm", 2, 32, 180)];
  const { setting, reason } = recommend(all, [])?.throughput ?? assert.fail();
  assert.equal(setting, all[2]);
  assert.equal(reason, "the most events a second");
});

Deno.test("a rate that was still changing is recommended with that doubt", () => {
  const one = measurement({ device: "wasm", workers: 1, batchSize: 1 }, { isSteady: false });
  assert.match(
    recommend([one], [])?.throughput.reason ?? "",
    /^the most events a second, though .* changing$/,
  );
});

Deno.test("as fast with fewer workers, then with a smaller batch, is better", () => {
  const all = [
    of("wasm", 2, 32, 1000),
    of("wasm", 1, 2048, 990),
    of("wasm", 1, 256, 960),
    of("wasm", 1, 32, 940),
  ];
  const { setting, reason } = recommend(all, [])?.throughput ?? assert.fail();
  assert.equal(setting, all[2]);
  assert.match(reason, /^within 4 % of the most/);
});

Deno.test("latency is that of single events, and may want another device", () => {
  const all = [of("wasm", 1, 1, 10, 0.2), of("trees", 1, 1, 9, 0.1), of("trees", 1, 32, 100, 0.05)];
  assert.equal(recommend(all, [])?.latency?.setting, all[1]);
  assert.equal(recommend(all.slice(2), [])?.latency, undefined);
});

Deno.test("a device with other answers is never recommended", () => {
  const all = [of("webgpu", 1, 1, 1000), of("wasm", 1, 1, 10)];
  const answers = [
    { device: "webgpu", isReference: false, differing: 3, largestDifference: 0.5 },
    { device: "wasm", isReference: true, differing: 0, largestDifference: 0 },
  ];
  assert.equal(recommend(all, answers)?.throughput.setting.device, "wasm");
  assert.equal(recommend(all.slice(0, 1), answers), undefined);
});
