import assert from "node:assert/strict";
import { readBenchEvents } from "../../lib/bench/bench_events.ts";
import { packflowError } from "../helpers/packflow_error.ts";
import { writeProject } from "../helpers/project_fixture.ts";

const GOLDEN = '{"input":{"g":1}}\n{"input":{"g":2},"error":"event.missing_field"}\n{"input":{"g":3}}\n';

Deno.test("the project's events come before its golden events, an input before both", async () => {
  await using project = await writeProject({
    "events.ndjson": '{"a":1}\n\n{"a":2}\n',
    "golden.ndjson": GOLDEN,
    "more.json": '\uFEFF [{"b":1}, {"b":2}]',
  });
  const { folder } = project;
  assert.deepEqual(await readBenchEvents(folder), { name: "events.ndjson", events: [{ a: 1 }, { a: 2 }] });
  const more = `${folder}/more.json`;
  assert.deepEqual(await readBenchEvents(folder, more), { name: more, events: [{ b: 1 }, { b: 2 }] });
});

Deno.test("golden events that must fail are left out", async () => {
  await using project = await writeProject({ "golden.ndjson": GOLDEN, "events.ndjson": "\n" });
  assert.deepEqual(await readBenchEvents(project.folder), {
    name: "golden.ndjson",
    events: [{ g: 1 }, { g: 3 }],
  });
});

Deno.test("gzipped events are unpacked", async () => {
  const text = new Blob(['{"a":1}\n']).stream().pipeThrough(new CompressionStream("gzip"));
  await using project = await writeProject({ "e.ndjson.gz": await new Response(text).bytes() });
  const { events } = await readBenchEvents(project.folder, `${project.folder}/e.ndjson.gz`);
  assert.deepEqual(events, [{ a: 1 }]);
});

Deno.test("of a long file the first whole lines are read", async () => {
  const line = `{"text":"${"é".repeat(500)}"}\n`;
  await using project = await writeProject({ "long.ndjson": line.repeat(10_000) });
  const { events } = await readBenchEvents(project.folder, `${project.folder}/long.ndjson`);
  assert.ok(events.length > 8000 && events.length < 10_000, `${events.length} events`);
  assert.deepEqual(events.at(-1), JSON.parse(line));
});

Deno.test("what cannot be measured with is an error that says what to do", async () => {
  await using project = await writeProject({
    "none.ndjson": "",
    "rows.csv": "a,b\n1,2\n",
    "number.ndjson": '{"a":1}\n2\n',
    "array.json": "[1]",
    "long.json": `[{"a":"${"x".repeat(9_000_000)}"}]`,
  });
  const { folder } = project;
  const read = (name: string) => readBenchEvents(folder, `${folder}/${name}`);
  assert.match((await packflowError(readBenchEvents(folder), "usage.invalid")).remedy ?? "", /--input/);
  assert.match((await packflowError(read("none.ndjson"), "usage.invalid")).message, /has none$/);
  const csv = await packflowError(read("rows.csv"), "event.invalid_json");
  assert.match(csv.message, /line 1 of ".*rows\.csv" as it must be JSON$/);
  assert.match(csv.remedy ?? "", /NDJSON/);
  assert.match((await packflowError(read("number.ndjson"), "event.not_object")).message, /event 2 of/);
  assert.match((await packflowError(read("array.json"), "event.not_object")).message, /event 1 of/);
  assert.match((await packflowError(read("long.json"), "usage.invalid")).remedy ?? "", /one event a line/);
  await packflowError(read("nothing.ndjson"), "source.not_found");
});
