import assert from "node:assert/strict";
import { loadResult } from "../../scripts/bench/load_tool.ts";
import type { ServeCase } from "../../scripts/bench/measure_serve.ts";
import { runProgram } from "../../scripts/bench/run_program.ts";
import { eventRoute, PROTOCOL_ROUTE } from "../../scripts/bench/serve_routes.ts";
import { type ServeFigures, serveReport } from "../../scripts/bench/serve_report.ts";
import { behindSource } from "../../scripts/compile_runtime.ts";
import { freePort, ServerProcess } from "../../scripts/bench/server_process.ts";
import { replaceMarked } from "../../scripts/bench/markdown.ts";

const EVENT = '{"a":1,"b":-2.5}';
const VERDICT = { label: 1, probabilities: [0.25, 0.75] };

Deno.test("the protocol's route makes a tensor of an event and reads the outputs, however nested", () => {
  assert.deepEqual(JSON.parse(PROTOCOL_ROUTE.body(EVENT)), {
    inputs: [{ name: "X", shape: [1, 2], datatype: "FP32", data: [1, -2.5] }],
  });
  for (const data of [[0.25, 0.75], [[0.25, 0.75]]]) {
    const outputs = [{ name: "probabilities", data }, { name: "label", data: [1] }];
    assert.deepEqual(PROTOCOL_ROUTE.verdict({ outputs }), VERDICT);
  }
  for (const wrong of [null, {}, { outputs: [] }, { outputs: [{ name: "label", data: [] }] }]) {
    assert.throws(() => PROTOCOL_ROUTE.verdict(wrong), TypeError, JSON.stringify(wrong));
  }
});

Deno.test("a route of events sends the event as it is", () => {
  const route = eventRoute("/predict");
  assert.deepEqual([route.path, route.body(EVENT)], ["/predict", EVENT]);
  assert.deepEqual(route.verdict(VERDICT), VERDICT);
  for (const wrong of [null, [VERDICT], { label: "1", probabilities: [0, 1] }, { label: 1 }]) {
    assert.throws(() => route.verdict(wrong), TypeError, JSON.stringify(wrong));
  }
});

Deno.test("loadResult reads rates and latencies, and refuses a load that failed", () => {
  const line = (requests: number, failed: number) =>
    `Running\n{"requests":${requests},"microseconds":2000000,"p50":500,"p99":2500,"failed":${failed}}\n`;
  assert.deepEqual(loadResult(line(3000, 0)), { perSecond: 1500, p50: 0.5, p99: 2.5 });
  assert.throws(() => loadResult(line(3000, 1)), /failed 1 of 3000 requests/);
  assert.throws(() => loadResult(line(0, 0)), /failed 0 of 0 requests/);
  assert.throws(() => loadResult("unable to connect"), /says: unable to connect/);
});

function serveCase(server: string, connections: number, [perSecond, p99]: [number, number]): ServeCase {
  const spread = (value: number) => ({ median: value, least: value, most: value });
  return {
    server,
    route: "x",
    connections,
    perSecond: spread(perSecond),
    p50: spread(1),
    p99: spread(p99),
    ...(server === "MLServer" ? { batch: 1 } : server === "LitServe" ? { batch: 32 } : {}),
  };
}

const FIGURES: ServeFigures = {
  cases: [
    { ...serveCase("Packflow", 16, [6000, 3]), route: "a" },
    { ...serveCase("Packflow", 16, [7000, 4]), route: "b" },
    serveCase("MLServer", 16, [1000, 5]),
    serveCase("LitServe", 16, [900, 4.5]),
    { ...serveCase("Packflow", 64, [3999, 30]), route: "a" },
    serveCase("MLServer", 64, [1000, 20]),
  ],
  repetitions: 5,
  seconds: 2,
  compared: 256,
  machine: { CPU: "Test, 2 cores" },
};

Deno.test("serveReport sets our worst against the best of the peers, and says which aims are reached", () => {
  const text = serveReport(FIGURES);
  for (
    const line of [
      "| connections | Packflow, a | Packflow, b | MLServer, x | LitServe, x | ratio | aim |",
      "| 16 | 6,000 | 7,000 | 1,000 | 900 | 6.00x | at least 6x: reached |",
      "| 64 | 4,000 | - | 1,000 | - | 4.00x | at least 4x: MISSED |",
      "| 16 | 3.0 | 4.0 | 5.0 | 4.5 | 0.89x | below 1x: reached |",
      "| 64 | 30.0 | - | 20.0 | - | 1.50x | below 1x: MISSED |",
      "Faster in a load before: MLServer merges no requests; LitServe merges up to 32 requests.",
      "- CPU: Test, 2 cores",
    ]
  ) assert.ok(text.includes(line), `${line} in\n${text}`);
});

Deno.test("serveReport without a peer has our figures and no ratios", () => {
  const text = serveReport({
    ...FIGURES,
    cases: FIGURES.cases.filter(({ server }) => server === "Packflow"),
  });
  assert.match(text, /\| 16 \| 6,000 \| 7,000 \| - \| {2}\|/);
  assert.ok(!/reached|MISSED|NaN|Infinity/.test(text), text);
});

Deno.test("docs/performance.md has the place for figures of servers", async () => {
  const document = await Deno.readTextFile(new URL("../../docs/performance.md", import.meta.url));
  assert.match(replaceMarked(document, "serve", "HERE"), /\n\nHERE\n\n/);
});

Deno.test("a server is gone with what it has started, and one that ends tells why it does not start", async () => {
  const cwd = Deno.cwd();
  const port = freePort();
  const code = `Deno.serve({ port: ${port}, hostname: "127.0.0.1" }, () => new Response("up"))`;
  const inner = [Deno.execPath(), "eval", code];
  const command = { program: "sh", args: ["-c", '"$@" & wait', "sh", ...inner], cwd };
  const answers = async () => await (await fetch(`http://127.0.0.1:${port}`)).text() === "up";
  const server = await ServerProcess.start(command, answers);
  assert.ok(await answers());
  await server[Symbol.asyncDispose]();
  await assert.rejects(answers());
  const broken = { program: "sh", args: ["-c", "echo no port >&2; exit 3"], cwd };
  await assert.rejects(ServerProcess.start(broken, answers), /Cannot start "sh .*no port/s);
});

Deno.test("runProgram says whether a program is there and succeeded", async () => {
  const said = await runProgram({ program: "sh", args: ["-c", "echo a; echo b >&2"] });
  assert.deepEqual(said, { success: true, stdout: "a\n", stderr: "b\n" });
  assert.equal((await runProgram({ program: "sh", args: ["-c", "exit 1"] })).success, false);
  const missing = await runProgram({ program: "no-such-program-at-all", args: [] });
  assert.match(missing.stderr, /"no-such-program-at-all" is not there/);
});

Deno.test("behindSource tells a runtime that is older than the one tests run on, patches apart", () => {
  for (
    const [runtime, source] of [["2.9.6", "2.9.6"], ["2.9.0", "2.9.6"], ["2.10.0", "2.9.6"], [
      "3.0.0",
      "2.9.6",
    ]]
  ) {
    assert.equal(behindSource(runtime ?? "", source), undefined, runtime);
  }
  for (const runtime of ["2.6.10", "1.46.3"]) {
    assert.match(behindSource(runtime, "2.9.6") ?? "", /runs on Deno .*, older than 2\.9\.6/);
  }
});
