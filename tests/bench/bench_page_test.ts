import assert from "node:assert/strict";
import { benchPage } from "../../lib/bench/bench_page.ts";
import { PLOT_SCRIPT } from "../../lib/bench/plot_library.ts";
import { benchReport } from "../helpers/bench_report.ts";

const MACHINE = { processor: "Some <CPU>", cores: 2, memory: 8 * 2 ** 30, system: "linux x86_64", load: 0.1 };
const OPTIONS = { name: "demo", machine: MACHINE, date: new Date("2026-01-02T03:04:05Z") };

Deno.test("the page tells every figure, where it was measured and what is recommended", async () => {
  const page = await benchPage(benchReport(), OPTIONS);
  assert.equal(page.match(/<tr(?: class="best")?><td>/g)?.length, 16);
  assert.equal(page.match(/class="best"/g)?.length, 1);
  assert.match(
    page,
    /Some &#60;CPU&#62;, 2 cores, 8 GiB, linux x86_64; load before 0\.10; 4 events of events\.ndjson/,
  );
  assert.match(page, /2026-01-02<\/p>/);
  assert.match(page, /For throughput: <strong>trees, 2 workers, batch size 2048<\/strong>/);
  assert.match(page, /For latency: <strong>trees, 1 worker, batch size 1<\/strong>/);
  assert.match(page, /webgpu: not measured\. Cannot open model &#34;&#60;b&#62;\.onnx/);
});

Deno.test("the page loads nothing, and may run only the scripts and styles that are in it", async () => {
  const page = await benchPage(benchReport(), OPTIONS);
  assert.doesNotMatch(page.replaceAll(PLOT_SCRIPT, ""), /\b(src|href)=|@import|url\(/);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? "";
  assert.match(policy, /^default-src 'none'; script-src 'sha256-/);
  assert.doesNotMatch(policy, /unsafe|http|\*/);
  const inside = [...page.matchAll(/<(?:script|style)>([^]*?)<\/(?:script|style)>/g)].map(([, text = ""]) =>
    text
  );
  assert.equal(inside.length, 4);
  for (const text of inside) {
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    assert.ok(policy.includes(`'sha256-${btoa(String.fromCharCode(...new Uint8Array(hash)))}'`));
  }
});

Deno.test("names cannot break out of the page", async () => {
  const name = "</title></script><script>alert(1)</script>";
  const report = benchReport();
  const [first, ...others] = report.measurements;
  assert.ok(first !== undefined);
  const page = await benchPage({ ...report, measurements: [{ ...first, device: name }, ...others] }, {
    ...OPTIONS,
    name,
  });
  assert.equal(page.match(/<script/g)?.length, 3);
  assert.doesNotMatch(page, /alert\(1\)<\/script>/);
  const data = /id="data">(.*)<\/script>/.exec(page)?.[1] ?? "";
  assert.equal(JSON.parse(data).measurements[0].device, name);
});

Deno.test("what is not known is said, and nothing is recommended where nothing can be", async () => {
  const { recommended: _, ...report } = benchReport();
  const [one] = report.measurements;
  assert.ok(one !== undefined);
  const unknown = {
    ...one,
    device: undefined,
    memory: undefined,
    throughput: { ...one.throughput, isSteady: false },
  };
  const differing = {
    ...report.comparison,
    answers: [{ device: "x", isReference: false, differing: 2, largestDifference: 1, example: "event 1" }],
  };
  const page = await benchPage(
    { ...report, comparison: differing, measurements: [unknown], recommended: undefined },
    { ...OPTIONS, machine: { ...MACHINE, processor: "" } },
  );
  assert.match(page, /<td>the project&#39;s own<\/td>/);
  assert.match(page, /<td>not steady in 600<\/td>/);
  assert.match(page, /<td>unknown<\/td>/);
  assert.match(page, /2 values differ from/);
  assert.doesNotMatch(page, /class="advice"/);
});
