import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { serveMetrics } from "../../lib/serve/metrics_server.ts";
import { RunMetrics } from "../../lib/serve/run_metrics.ts";
import { rawExchange } from "../helpers/raw_http.ts";

const HERE = { host: "127.0.0.1", port: 0 };

async function ask(
  url: string,
  init?: RequestInit,
): Promise<[status: number, type: string | null, body: string]> {
  const response = await fetch(url, init);
  const body = await response.text();
  return [response.status, response.headers.get("content-type"), body];
}

Deno.test("figures are served as text for Prometheus, now as at any later moment", async () => {
  const metrics = new RunMetrics("m");
  await using server = await serveMetrics(metrics, HERE);
  const [status, type, body] = await ask(`${server.url}/metrics`);
  assert.deepEqual([status, type], [200, "text/plain; version=0.0.4; charset=utf-8"]);
  assert.match(body, /^packflow_records_in_total\{model="m"\} 0$/m);
  metrics.progress({ read: 5, written: 5, failed: 0, dead: 0, skipped: 0, bytesRead: 50 });
  assert.match((await ask(`${server.url}/metrics?x=1`))[2], /^packflow_records_in_total\{model="m"\} 5$/m);
});

Deno.test("health is good while the process answers, readiness only while the run works", async () => {
  const metrics = new RunMetrics("m");
  await using server = await serveMetrics(metrics, HERE);
  const health = async () => {
    const [live, , body] = await ask(`${server.url}/health`);
    const [ready] = await ask(`${server.url}/health/ready`);
    return [live, ready, JSON.parse(body)];
  };
  assert.deepEqual(await health(), [200, 503, { state: "starting" }]);
  metrics.worker({ ready: Promise.resolve(), exited: new Promise(() => {}) });
  assert.deepEqual(await health(), [200, 200, { state: "running" }]);
  metrics.stop();
  assert.deepEqual(await health(), [200, 503, { state: "stopping" }]);
});

Deno.test("all else is refused", async () => {
  await using server = await serveMetrics(new RunMetrics("m"), HERE);
  assert.equal((await ask(`${server.url}/`))[0], 404);
  assert.equal((await ask(`${server.url}/invocations`, { method: "POST", body: "{}" }))[0], 404);
  const [status, , body] = await ask(`${server.url}/metrics`, { method: "POST", body: "" });
  assert.deepEqual([status, JSON.parse(body).code], [405, "request.method_not_allowed"]);
  assert.deepEqual((await ask(`${server.url}/health`, { method: "HEAD" })).slice(0, 2), [
    200,
    "application/json",
  ]);
});

Deno.test("a page that has its name lead here reads nothing", async () => {
  await using server = await serveMetrics(new RunMetrics("m"), HERE);
  const { port } = new URL(server.url);
  const answer = await rawExchange(
    Number(port),
    "GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
  );
  assert.deepEqual(answer.statuses, [403]);
});

Deno.test("a port that is taken is told of, and free again after the run", async () => {
  const first = await serveMetrics(new RunMetrics("m"), HERE);
  const { port } = new URL(first.url);
  const again = () => serveMetrics(new RunMetrics("m"), { ...HERE, port: Number(port) });
  await assert.rejects(
    again(),
    (error) => error instanceof PackflowError && error.code === "serve.listen_failed",
  );
  await first[Symbol.asyncDispose]();
  await (await again())[Symbol.asyncDispose]();
});
