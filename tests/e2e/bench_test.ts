/** `packflow bench` as users run it, on a small project and for a short time. */
import assert from "node:assert/strict";
import { packflowTests } from "../helpers/packflow.ts";

const test = await packflowTests();
const QUICK = ["--time", "50", "--workers", "1", "--device", "trees,wasm"];

interface Bench {
  readonly measurements: readonly {
    readonly device: string;
    readonly batchSize: number;
    readonly eventsPerSecond: number;
    readonly memoryBytes: number;
    readonly batchLatencyMs: { readonly p50: number; readonly p99: number };
  }[];
  readonly devices: readonly { readonly device: string; readonly differing: number }[];
  readonly recommended: { readonly throughput: { readonly device: string; readonly batchSize: number } };
}

test(
  "a model is measured on two devices, and its fastest setting applied and used",
  async (packflow, cwd) => {
    await packflow.run(["create", "demo", "--template", "onnx"], { cwd });
    const args = ["bench", "demo", ...QUICK, "--batch-size", "1,64", "--apply", "--report", "bench.html"];
    const report = await packflow.json(args, { cwd });
    const { measurements, devices, recommended }: Bench = JSON.parse(JSON.stringify(report));
    assert.equal(report.schema, "packflow.bench/1");
    assert.deepEqual(measurements.map(({ device, batchSize }) => `${device} ${batchSize}`), [
      "trees 1",
      "trees 64",
      "wasm 1",
      "wasm 64",
    ]);
    for (const { eventsPerSecond, memoryBytes, batchLatencyMs: { p50, p99 } } of measurements) {
      assert.ok(eventsPerSecond > 0 && memoryBytes > 1e6 && p50 > 0 && p99 >= p50);
    }
    assert.deepEqual(devices.map(({ device, differing }) => [device, differing]), [["trees", 0], [
      "wasm",
      0,
    ]]);
    const { device, batchSize } = recommended.throughput;
    const manifest = await Deno.readTextFile(`${cwd}/demo/packflow.jsonc`);
    assert.match(manifest, new RegExp(`"device": "${device}"`));
    assert.match(manifest, new RegExp(`"batchSize": ${batchSize}\\n`));
    assert.match(manifest, /\/\/ No code: Packflow's own backend serves the model\./);
    assert.match(await Deno.readTextFile(`${cwd}/bench.html`), /^<!DOCTYPE html>/);
    const stdin = (await Deno.readTextFile(`${cwd}/demo/events.ndjson`)).repeat(64);
    const { stderr } = await packflow.run(["run", "demo", "--summary", "json"], { cwd, stdin });
    const { read, batches } = JSON.parse(stderr);
    assert.ok(batches >= read / batchSize, `${batches} batches of at most ${batchSize} for ${read} events`);
  },
);

test("code without a model is measured as it is", async (packflow, cwd) => {
  await packflow.run(["create", "demo"], { cwd });
  const args = ["bench", "demo", "--time", "50", "--workers", "1", "--batch-size", "16"];
  const { stdout, stderr } = await packflow.run(args, { cwd });
  assert.match(stdout, /^device +workers +batch .*\nproject's +1 +16 +[\d,]+~? /);
  assert.match(
    stdout,
    /\nfor throughput: 1 worker, batch size 16 \([\d,]+ events\/s; the most events a second(, though [^)]*)?\)\n/,
  );
  assert.match(stderr, /^measured with \d+ events of events\.ndjson, over and over$/m);
});

test("what cannot be measured is an error that says why", async (packflow, cwd) => {
  await packflow.run(["create", "demo", "--template", "onnx"], { cwd });
  const fails = async (code: number, ...args: string[]) =>
    (await packflow.run(["bench", ...args], { cwd, code })).stderr;
  assert.match(await fails(2, "demo", "--batch-size", "1,x"), /must be a whole number of at least 1/);
  assert.match(await fails(2, "demo", "--device", "tpu"), /must name devices of auto, trees, wasm/);
  assert.match(await fails(2, "demo", "--tolerance", "-1"), /must be a number that is not negative/);
  assert.match(await fails(2, "demo", "--report", "-"), /standard output/);
  assert.match(await fails(6, "demo", "--report", "none/b.html"), /its folder must exist/);
  assert.match(await fails(6, "demo", "--input", "none.ndjson"), /Cannot read input "none\.ndjson"/);
  assert.match(await fails(4, "nowhere"), /no such file or folder/);
  await packflow.run(["package", "demo", "--output", "demo.tar.gz"], { cwd });
  assert.match(await fails(2, "demo.tar.gz", "--apply"), /as a package never changes/);
  await Deno.writeTextFile(`${cwd}/bad.ndjson`, '{"https": "none"}\n');
  assert.match(await fails(3, "demo", ...QUICK, "--input", "bad.ndjson"), /\[event\./);
});
