import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { request } from "node:http";
import { ERROR_CODES } from "../../lib/base/error_codes.ts";
import { writeBackendProject } from "../helpers/backend_project.ts";
import { serveHere } from "../helpers/local_server.ts";
import { writeObedientProject } from "../helpers/serve_project.ts";

/** The status of an answer to headers that fetch would not send. */
function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", reject).end();
  });
}

Deno.test("an event, an array and a stream are answered, errors in their place", async () => {
  await using project = await writeObedientProject();
  await using here = await serveHere([project.folder]);
  deepStrictEqual(await here.post("/invocations", ' {"id": 1}\n'), { status: 200, text: '{"id":1}' });
  const { status, text } = await here.post("/models/double/invocations", '[{"id":1},{"fail":true},{"id":3}]');
  strictEqual(status, 200);
  const [first, second, third] = JSON.parse(text);
  deepStrictEqual([first, third], [{ id: 1 }, { id: 3 }]);
  strictEqual(second.error.code, "backend.hook_failed");
  deepStrictEqual(await here.post("/invocations", "[]"), { status: 200, text: "[]" });
  const lines = await here.post("/invocations", '{"id":1}\n\n{"id":\n{"id":3}', {
    "content-type": "application/x-ndjson",
  });
  const answers = lines.text.trimEnd().split("\n").map((line) => JSON.parse(line));
  deepStrictEqual([answers[0], answers[1].error.code, answers[2]], [{ id: 1 }, "event.invalid_json", {
    id: 3,
  }]);
});

Deno.test("what is wrong with a request has a status, a code and a remedy", async () => {
  await using project = await writeObedientProject();
  await using here = await serveHere([project.folder], { bodyLimit: 100 });
  const cases: [path: string, body: string, headers: Record<string, string>, status: number, code: string][] =
    [
      ["/invocations", "{", {}, 400, "event.invalid_json"],
      ["/invocations", "", {}, 400, "request.invalid"],
      ["/invocations", "[1", {}, 400, "event.invalid_json"],
      ["/invocations", "7", {}, 422, "event.not_object"],
      ["/invocations", '{"fail":true}', {}, 500, "backend.hook_failed"],
      ["/invocations", " ".repeat(101), {}, 413, "request.too_large"],
      ["/invocations", "{}", { "content-encoding": "gzip" }, 415, "request.unsupported_media"],
      ["/models/other/invocations", "{}", {}, 404, "request.not_found"],
      ["/v2/models/double/versions/9/infer", "{}", {}, 404, "request.not_found"],
      ["/v2/models/double/infer", "{}", {}, 400, "request.invalid"],
      ["/v2/models/double/infer", "{}", { "inference-header-content-length": "9" }, 400, "request.invalid"],
      ["/v2", "{}", {}, 405, "request.method_not_allowed"],
      ["/nothing", "{}", {}, 404, "request.not_found"],
    ];
  for (const [path, body, headers, status, code] of cases) {
    const answer = await here.post(path, body, headers);
    const error = JSON.parse(answer.text);
    deepStrictEqual([answer.status, error.code], [status, code], `${path} ${body}`);
    deepStrictEqual([typeof error.error, typeof error.remedy], ["string", "string"]);
    ok(Object.hasOwn(ERROR_CODES, error.code));
  }
  const refused = await here.ask("/v2", { method: "DELETE" });
  strictEqual(refused.headers.get("allow"), "GET, HEAD");
  await refused.body?.cancel();
});

Deno.test("the protocol's questions are answered", async () => {
  await using project = await writeBackendProject();
  await using here = await serveHere([project.folder]);
  const json = async (path: string) => await (await here.ask(path)).json();
  strictEqual((await json("/v2")).name, "packflow");
  deepStrictEqual(await json("/v2/health/live"), { live: true });
  deepStrictEqual(await json("/v2/health/ready"), { ready: true });
  const model = await json("/v2/models/double");
  deepStrictEqual([model.name, model.versions, model.sample], ["double", ["0.1.0"], { x: 1 }]);
  deepStrictEqual(model.inputs, [{ name: "event", datatype: "BYTES", shape: [-1] }]);
  deepStrictEqual(await json("/v2/models/double/versions/0.1.0/ready"), { name: "double", ready: true });
  const body = {
    id: "7",
    inputs: [{ name: "event", shape: [2], datatype: "BYTES", data: ['{"x":1}', '{"x":4}'] }],
  };
  deepStrictEqual(JSON.parse((await here.post("/v2/models/double/infer", JSON.stringify(body))).text), {
    model_name: "double",
    model_version: "0.1.0",
    id: "7",
    outputs: [{ name: "result", datatype: "BYTES", shape: [2], data: ['{"y":2}', '{"y":8}'] }],
  });
  const head = await here.ask("/v2", { method: "HEAD" });
  deepStrictEqual([head.status, await head.text()], [200, ""]);
});

Deno.test("requests have ids, of their own or given, in answers and in the log", async () => {
  await using project = await writeObedientProject();
  await using here = await serveHere([project.folder]);
  const response = await here.ask("/v2", { headers: { "x-request-id": "abc-1" } });
  await response.body?.cancel();
  strictEqual(response.headers.get("x-request-id"), "abc-1");
  const other = await here.ask("/invocations?secret=1", {
    method: "POST",
    body: '{"fail":true}',
    headers: { "x-request-id": "a\tb" },
  });
  await other.body?.cancel();
  const id = other.headers.get("x-request-id");
  match(id ?? "", /^[\da-f-]+-\w+$/);
  const line = here.log.find((each) => each.id === id);
  deepStrictEqual([line?.path, line?.status, line?.model, line?.code], [
    "/invocations",
    500,
    "double",
    "backend.hook_failed",
  ]);
  match(String(line?.time), /^\d{4}-\d\d-\d\dT/);
});

Deno.test("metrics count requests, events and batches", async () => {
  await using project = await writeObedientProject();
  await using here = await serveHere([project.folder]);
  await here.post("/invocations", '[{"id":1},{"fail":true}]');
  const text = await (await here.ask("/metrics")).text();
  for (
    const line of [
      'packflow_requests_total{route="/invocations",status="200"} 1',
      'packflow_records_in_total{model="double"} 2',
      'packflow_records_out_total{model="double"} 2',
      'packflow_records_failed_total{model="double"} 1',
      'packflow_records_dead_total{model="double"} 0',
      'packflow_batch_size_sum{model="double"} 2',
      'packflow_queue_seconds_count{model="double"} 1',
      'packflow_workers{model="double"} 1',
    ]
  ) ok(text.includes(`${line}\n`), `${line}\n${text}`);
});

Deno.test("a token is asked for, but not for health and the page", async () => {
  await using project = await writeObedientProject();
  await using here = await serveHere([project.folder], { token: "secret-token" });
  const status = async (path: string, authorization?: string) => {
    const response = await here.ask(path, authorization === undefined ? {} : { headers: { authorization } });
    await response.body?.cancel();
    return response.status;
  };
  deepStrictEqual(
    [
      await status("/v2/health/live"),
      await status("/v2/health/ready"),
      await status("/"),
      await status("/v2"),
      await status("/metrics"),
      await status("/v2", "Bearer secret-tokem"),
      await status("/v2", "Bearer secret-token2"),
      await status("/v2", "Basic secret-token"),
      await status("/v2", "Bearer secret-token"),
    ],
    [200, 200, 200, 401, 401, 401, 401, 401, 200],
  );
});

Deno.test("bound to this machine, a foreign Host is refused; no page of another origin may read", async () => {
  await using project = await writeObedientProject();
  await using here = await serveHere([project.folder]);
  const { port } = new URL(here.server.url);
  const statuses = [];
  for (
    const host of [`localhost:${port}`, "127.0.0.1", `[::1]:${port}`, "example.org", "127.0.0.1.example.org"]
  ) {
    statuses.push(await statusOf(`${here.server.url}/v2`, { host }));
  }
  deepStrictEqual(statuses, [200, 200, 200, 403, 403]);
  const response = await here.ask("/v2", { headers: { origin: "https://example.org" } });
  await response.body?.cancel();
  strictEqual(response.headers.get("access-control-allow-origin"), null);
  await using open = await serveHere([project.folder], { cors: "https://example.org" });
  const preflight = await open.ask("/invocations", { method: "OPTIONS" });
  await preflight.body?.cancel();
  deepStrictEqual(
    [
      preflight.status,
      preflight.headers.get("access-control-allow-origin"),
      preflight.headers.get("access-control-allow-methods"),
    ],
    [204, "https://example.org", "POST"],
  );
});

Deno.test("a request past its deadline is answered with 504, one too many with 503 and when to come again", async () => {
  await using project = await writeObedientProject();
  await using here = await serveHere([project.folder], { deadlineMs: 2000, maxQueue: 1 });
  const slow = here.post("/invocations", '{"id":1,"wait":60000}');
  await here.untilPending(1);
  const refused = await here.ask("/invocations", { method: "POST", body: '{"id":2}' });
  deepStrictEqual([refused.status, refused.headers.get("retry-after"), (await refused.json()).code], [
    503,
    "1",
    "request.queue_full",
  ]);
  const { status, text } = await slow;
  deepStrictEqual([status, JSON.parse(text).code], [504, "request.deadline"]);
});

Deno.test("a worker that ends over an event costs that event alone", async () => {
  await using project = await writeObedientProject();
  await using here = await serveHere([project.folder]);
  const { status, text } = await here.post("/invocations", '[{"id":1},{"exit":true},{"id":3}]');
  const answers = JSON.parse(text);
  deepStrictEqual([status, answers[0], answers[1].error.code, answers[2]], [
    200,
    { id: 1 },
    "worker.exited",
    { id: 3 },
  ]);
  strictEqual((await here.post("/invocations", '{"exit":true}')).status, 502);
  strictEqual((await here.post("/invocations", '{"id":4}')).text, '{"id":4}');
});

Deno.test("closed, it answers what is under way, and no more", async () => {
  await using project = await writeObedientProject();
  const here = await serveHere([project.folder]);
  const hold = `${project.folder}/go.txt`;
  const slow = here.post("/invocations", JSON.stringify({ id: 1, hold }));
  await here.untilPending(1);
  const closed = Promise.all([here.server.close(), here.server.close()]);
  await Deno.writeTextFile(hold, "");
  await closed;
  deepStrictEqual(await slow, { status: 200, text: '{"id":1}' });
  await here.server.drained;
  await rejects(here.ask("/v2"));
});

Deno.test("what cannot be served is refused, with nothing left open", async () => {
  await using project = await writeBackendProject();
  await rejects(serveHere([project.folder, project.folder]), { code: "serve.duplicate_model" });
  await rejects(serveHere([`${project.folder}/none`]), { code: "project.not_found" });
  await using here = await serveHere([project.folder]);
  await rejects(serveHere([project.folder], { port: Number(new URL(here.server.url).port) }), {
    code: "serve.listen_failed",
  });
  await rejects(
    serveHere([project.folder], { tls: { cert: `${project.folder}/c`, key: `${project.folder}/k` } }),
    {
      code: "serve.tls_invalid",
    },
  );
  await using broken = await writeBackendProject({ "inference.ts": "throw new Error('no')" });
  await rejects(serveHere([broken.folder]), { code: "backend.import_failed" });
});
