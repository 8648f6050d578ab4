/** OpenTelemetry as a collector receives it, over a connection of its own. */
import assert from "node:assert/strict";
import { OtlpCollector } from "../helpers/otlp_collector.ts";
import { currentPrograms, PackflowServe } from "../helpers/packflow_serve.ts";
import { writeObedientProject } from "../helpers/serve_project.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = "00f067aa0ba902b7";

for (const program of await currentPrograms()) {
  Deno.test(`a collector receives traces and metrics of requests (${program.name})`, async () => {
    await using collector = new OtlpCollector("packflow");
    await using project = await writeObedientProject();
    await using server = await PackflowServe.ready(
      program,
      [project.folder, "--workers", "1"],
      collector.env,
    );
    assert.equal((await server.post("/invocations", '[{"id":1},{"id":2},{"id":3,"fail":true}]')).status, 200);
    assert.equal((await server.post("/invocations", '{"id":4,"exit":true}')).status, 502);
    const traced = await fetch(`${server.url}/v2/models/double`, {
      headers: { traceparent: `00-${TRACE}-${PARENT}-01` },
    });
    const id = traced.headers.get("x-request-id");
    await traced.body?.cancel();

    const spansOf = (route: RegExp) =>
      collector.spans.filter((span) => route.test(String(span.attributes["http.route"])));
    const [inferring, describing] = [/^\/invocations$/, /^\/v2\/models\/\W/];
    await collector.until(() =>
      spansOf(inferring).length >= 2 && spansOf(describing).length > 0 &&
      collector.pointsOf("packflow.records")[0]?.value === 4 &&
      collector.pointsOf("packflow.workers")[0]?.value === 1
    );
    assert.deepEqual(collector.strange, []);

    const [answered, broken] = spansOf(inferring);
    assert.ok(answered !== undefined && broken !== undefined);
    // 2 is a server's span.
    assert.deepEqual([answered.name, answered.service, answered.kind], [
      "POST /invocations",
      "under-test",
      2,
    ]);
    assert.equal(answered.attributes["http.request.method"], "POST");
    assert.equal(Number(answered.attributes["http.response.status_code"]), 200);
    assert.equal(answered.attributes["packflow.model"], "double");
    assert.equal(Number(answered.attributes["packflow.records"]), 3);
    assert.ok(BigInt(answered.endTimeUnixNano) >= BigInt(answered.startTimeUnixNano));
    assert.notEqual(answered.traceId, broken.traceId);
    // 2 is an error.
    assert.deepEqual([broken.status?.code, broken.attributes["error.type"]], [2, "worker.exited"]);

    const [child] = spansOf(describing);
    assert.deepEqual([child?.traceId, child?.parentSpanId], [TRACE, PARENT]);
    assert.equal(child?.attributes["packflow.request_id"], id);

    const durations = collector.pointsOf("http.server.request.duration");
    assert.ok(
      durations.some(({ unit, value, attributes }) =>
        unit === "s" && value === 1 && attributes["http.route"] === "/invocations" &&
        Number(attributes["http.response.status_code"]) === 200
      ),
    );
    const values = [
      "packflow.records",
      "packflow.records.failed",
      "packflow.workers",
      "packflow.records.pending",
    ]
      .map((name) =>
        collector.pointsOf(name).map(({ value, attributes }) => [attributes["packflow.model"], value])
      );
    assert.deepEqual(values, [[["double", 4]], [["double", 2]], [["double", 1]], [["double", 0]]]);
  });

  Deno.test(`nothing is sent to a collector that was not asked for (${program.name})`, async () => {
    await using collector = new OtlpCollector("packflow");
    await using project = await writeObedientProject();
    const { OTEL_DENO: _asked, ...env } = collector.env;
    await using server = await PackflowServe.ready(program, [project.folder, "--workers", "1"], env);
    assert.equal((await server.post("/invocations", '{"id":1}')).status, 200);
    server.signal("SIGTERM");
    // What there is to send is sent when the program ends.
    assert.equal((await server.ended).code, 0);
    assert.deepEqual([collector.spans.length, collector.points.size, collector.strange], [0, 0, []]);
  });
}
