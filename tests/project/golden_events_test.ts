import assert from "node:assert/strict";
import { DiagnosticsError } from "../../lib/base/diagnostic.ts";
import { parseGoldenEvents, readGoldenEvents } from "../../lib/project/golden_events.ts";
import { writeProject } from "../helpers/project_fixture.ts";

Deno.test("reads golden events, one a line", () => {
  const text = '{"input": {"a": 1}, "output": {"b": 2}}\n\n  \r\n' +
    '{"name": "bad", "input": {}, "error": "event.missing_field", "tolerance": 0.1}\r\n{"input": {}}';
  const events = parseGoldenEvents(text).map(({ source: _, ...event }) => event);
  assert.deepEqual(events, [
    { name: "line 1", line: 1, input: { a: 1 }, output: { b: 2 }, tolerance: 1e-5 },
    { name: "bad", line: 4, input: {}, error: "event.missing_field", tolerance: 0.1 },
    { name: "line 5", line: 5, input: {}, tolerance: 1e-5 },
  ]);
});

Deno.test("tells what is wrong with every line", () => {
  const lines = [
    "{",
    "[]",
    '{"input": [1]}',
    '{"input": {}, "output": 1}',
    '{"input": {}, "output": {}, "error": "x.y"}',
    '{"input": {}, "error": 5}',
    '{"input": {}, "outputs": {}}',
    '{"input": {}, "tolerance": -1}',
    '{"input": {}, "name": 5}',
    '{"output": {}}',
  ];
  assert.throws(() => parseGoldenEvents(lines.join("\n")), (error) => {
    assert.ok(error instanceof DiagnosticsError && error.code === "check.golden_invalid");
    assert.deepEqual(error.diagnostics.map(({ line }) => line), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.match(
      error.diagnostics[6]?.message ?? "",
      /line 7 of golden.ndjson as "outputs" must not be there/,
    );
    return true;
  });
});

Deno.test("has none where the file is missing, and refuses what is no text", async () => {
  await using project = await writeProject({ "x": "" });
  assert.deepEqual(await readGoldenEvents(project.folder), []);
  await Deno.writeFile(`${project.folder}/golden.ndjson`, new Uint8Array([0xff, 0xfe, 0x00]));
  await assert.rejects(readGoldenEvents(project.folder), { code: "check.golden_invalid", message: /UTF-8/ });
  await Deno.remove(`${project.folder}/golden.ndjson`);
  await Deno.mkdir(`${project.folder}/golden.ndjson`);
  await assert.rejects(readGoldenEvents(project.folder), { code: "check.golden_invalid" });
});
