import assert from "node:assert/strict";
import { recommend } from "../../lib/bench/recommend.ts";
import { benchOutcome, settingText } from "../../lib/cli/bench_outcome.ts";
import { benchReport, measurement } from "../helpers/bench_report.ts";

const CONTEXT = {
  name: "demo",
  machine: { processor: "Some CPU", cores: 2, memory: 8e9, system: "linux x86_64", load: 0 },
  applied: undefined,
  page: undefined,
  isBusy: false,
};

Deno.test("the table has a line for each setting, its columns under each other", () => {
  const { ok, output = [], notes } = benchOutcome(benchReport(), CONTEXT);
  assert.equal(ok, true);
  const table = output.slice(0, output.indexOf(""));
  assert.equal(table.length, 17);
  assert.match(
    table[0] ?? "",
    /^device +workers +batch +events\/s +p50 ms +p90 ms +p99 ms +us\/event +start ms +memory$/,
  );
  assert.deepEqual(new Set(table.map((line) => line.length)).size, 1);
  assert.ok(table.every((line) => line.length <= 110));
  assert.deepEqual(notes, ["measured with 4 events of events.ndjson, over and over"]);
});

Deno.test("what is recommended, missing, equal and written is said", () => {
  const applied = [{ path: "run.batchSize", value: 2048 }];
  const { output = [], notes = [] } = benchOutcome(benchReport(), {
    ...CONTEXT,
    applied,
    page: "b.html",
    isBusy: true,
  });
  const text = output.join("\n");
  assert.match(text, /trees answers 4 events as wasm does, within 0\.001: the largest difference is 6e-8/);
  assert.match(text, /webgpu is not measured: Cannot open model/);
  assert.match(
    text,
    /for throughput: trees, 2 workers, batch size 2048 \([\d,]+ events\/s; the most events a second\)/,
  );
  assert.match(text, /for latency: trees, 1 worker, batch size 1 \(p99 0\.02\d ms;/);
  assert.match(text, /wrote run\.batchSize: 2048 to packflow\.jsonc/);
  assert.deepEqual(notes.slice(1), ["other work kept this machine busy: figures are rough", "wrote b.html"]);
});

Deno.test("answers that differ are a warning, with the first of them", () => {
  const report = benchReport();
  const answers = report.comparison.answers.map((each) =>
    each.isReference ? each : { ...each, differing: 1200, example: 'event 1, "score": 0.5 and 0.7' }
  );
  const { diagnostics: [warning], output = [] } = {
    diagnostics: [],
    ...benchOutcome({ ...report, comparison: { ...report.comparison, answers } }, CONTEXT),
  };
  assert.equal(warning?.severity, "warning");
  assert.equal(warning?.code, "check.answers_differ");
  assert.match(
    warning?.message ?? "",
    /^Cannot recommend trees as .* 1,200 values differ, the first of event 1/,
  );
  assert.match(output.join("\n"), /trees gives other answers than wasm: 1,200 values differ/);
});

Deno.test("programs get every figure but the distributions", () => {
  const { data = {} } = benchOutcome(benchReport(), CONTEXT);
  const { measurements, recommended, devices, applied } = JSON.parse(JSON.stringify(data));
  assert.equal(measurements.length, 16);
  assert.deepEqual(Object.keys(measurements[0]), [
    ...["device", "workers", "batchSize", "eventsPerSecond", "isSteady", "warmUpMs", "spread"],
    ...["batchLatencyMs", "eventLatencyUs", "startUpMs", "memoryBytes"],
  ]);
  const [{ batchLatencyMs, eventLatencyUs }] = measurements.slice(-1);
  assert.ok(Math.abs(eventLatencyUs.p99 - 1000 * batchLatencyMs.p99 / 2048) < 1e-9);
  assert.deepEqual(recommended.throughput, {
    device: "trees",
    workers: 2,
    batchSize: 2048,
    reason: "the most events a second",
  });
  assert.deepEqual(devices.map(({ isAvailable }: { isAvailable: boolean }) => isAvailable), [
    true,
    true,
    false,
  ]);
  assert.equal(applied, null);
});

Deno.test("a rate that was still changing is marked, memory that is not known as well", () => {
  const setting = { device: undefined, workers: 1, batchSize: 1 };
  const one = measurement(setting, { perSecond: 1234, isSteady: false, memory: undefined });
  const report = { ...benchReport(), measurements: [one], recommended: undefined };
  const { output = [], notes = [], data = {} } = benchOutcome(report, CONTEXT);
  assert.match(output[1] ?? "", /^project's +1 +1 +1,234~ .* \?$/);
  assert.match(notes[1] ?? "", /still changing .*\(1 of 1\)/);
  assert.equal(data.recommended, null);
  assert.equal(settingText(setting), "1 worker, batch size 1");
});

Deno.test("who is recommended native is told what it needs", () => {
  const report = benchReport();
  const measurements = [measurement({ device: "native", workers: 1, batchSize: 1 })];
  const recommended = recommend(measurements, []);
  assert.ok(recommended !== undefined);
  const { output = [] } = benchOutcome({ ...report, measurements, recommended }, CONTEXT);
  assert.ok(output.includes("native needs --sandbox off whenever the project runs"));
});
