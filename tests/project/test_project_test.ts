import assert from "node:assert/strict";
import { testProject } from "../../lib/project/test_project.ts";
import { backendWith, writeBackendProject } from "../helpers/backend_project.ts";

/** Golden events `{x: 1}` and on, each with its double. */
function golden(count: number): string {
  return Array.from({ length: count }, (_, x) => `{"input":{"x":${x}},"output":{"y":${2 * x}}}\n`).join("");
}

Deno.test("passes golden events that get their answers", async () => {
  await using project = await writeBackendProject({ "golden.ndjson": golden(20) });
  const report = await testProject(project.folder);
  assert.deepEqual([report.passed, report.failed, report.updated], [20, 0, false]);
});

Deno.test("runs events alone, and in batches of 2, of 7 and of all", async () => {
  const body = `if (events.length > 1) events.forEach((e) => { if (e.x === 0) sizes.push(events.length) });
    if (sizes.length === 3) throw new Error(sizes.join());
    return events.map((event) => ({ y: 2 * Number(event.x) }));`;
  const backend = backendWith(body).replace("export class", "const sizes: number[] = [];\nexport class");
  await using project = await writeBackendProject({ "golden.ndjson": golden(20), "inference.ts": backend });
  const { results } = await testProject(project.folder);
  assert.match(results[0]?.problems[0]?.message ?? "", /20,2,7/);
});

Deno.test("has a backend that keeps state begin each pass anew, and the order of the events kept", async () => {
  const keeping = (reset: string) =>
    backendWith("return events.map(({ x }) => ({ y: this.sum += Number(x) }));")
      .replace("override execute", `sum = 0;\n  ${reset}\n  override execute`);
  const events = [1, 2, 3, 4, 5].map((x) => `{"input":{"x":${x}},"output":{"y":${x * (x + 1) / 2}}}\n`).join(
    "",
  );
  await using project = await writeBackendProject({
    "golden.ndjson": events,
    "inference.ts": keeping("override reset() { this.sum = 0; }"),
  });
  assert.equal((await testProject(project.folder)).passed, 5);
  assert.equal((await testProject(project.folder, { update: true })).passed, 5);
  await Deno.writeTextFile(`${project.folder}/inference.ts`, keeping(""));
  assert.equal((await testProject(project.folder)).failed, 5);
});

Deno.test("says where an answer differs, once per cause", async () => {
  await using project = await writeBackendProject({
    "golden.ndjson":
      '{"input": {"x": 1}, "output": {"y": 2}}\n\n{"name": "off", "input": {"x": 2}, "output": {"y": 5}}\n',
  });
  const { results, failed } = await testProject(project.folder);
  assert.equal(failed, 1);
  assert.deepEqual(results[1], {
    name: "off",
    line: 3,
    passed: false,
    problems: [{ run: "alone", message: "The answer differs", path: "y", expected: 5, got: 4 }],
  });
});

Deno.test("finds answers that depend on the batch", async () => {
  await using project = await writeBackendProject({
    "golden.ndjson": '{"input": {"x": 1}, "output": {"y": 1}}\n'.repeat(5),
    "inference.ts": backendWith("return events.map(() => ({ y: events.length }));"),
  });
  const { results } = await testProject(project.folder);
  assert.deepEqual(
    results.map(({ problems }) => problems.map(({ run, path, got }) => `${run}: ${path} is ${got}`)),
    [
      ["in batches of 5: y is 5"],
      ["in batches of 5: y is 5"],
      ["in batches of 5: y is 5"],
      ["in batches of 5: y is 5"],
      ["in batches of 5: y is 5"],
    ],
  );
});

Deno.test("expects errors by code", async () => {
  const body = 'return events.map(({ x }) => { if (x === 0) throw new Error("zero"); return { y: 1 }; });';
  await using project = await writeBackendProject({
    "inference.ts": backendWith(body),
    "golden.ndjson":
      '{"input": {"x": 0}, "error": "backend.hook_failed"}\n{"input": {"x": 1}, "error": "event.wrong_type"}\n' +
      '{"input": {"x": 0}, "error": "event.wrong_type"}\n{"input": {"x": 0}, "output": {"y": 1}}\n{"input": {"x": 1}, "output": {"y": 1}}\n',
  });
  const { results } = await testProject(project.folder);
  assert.deepEqual(results.map(({ passed }) => passed), [true, false, false, false, true]);
  assert.equal(results[1]?.problems[0]?.message, "Expected the error event.wrong_type, got a result");
  assert.match(
    results[3]?.problems[0]?.message ?? "",
    /^Expected a result, got the error backend.hook_failed/,
  );
});

Deno.test("fills in and mends answers on update, and leaves right ones as they are written", async () => {
  await using project = await writeBackendProject({
    "golden.ndjson":
      '{"name": "new", "input": {"x": 1}}\n\n{"input": {"x": 2}, "output": {"y": 4.0000001}}\n' +
      '{"input": {"x": 3}, "output": {"y": 7}, "tolerance": 0.001}',
  });
  const before = await testProject(project.folder);
  assert.deepEqual(before.results.map(({ passed }) => passed), [false, true, false]);
  const report = await testProject(project.folder, { update: true });
  assert.deepEqual([report.passed, report.failed, report.updated], [3, 0, true]);
  assert.equal(
    await Deno.readTextFile(`${project.folder}/golden.ndjson`),
    '{"name":"new","input":{"x":1},"output":{"y":2}}\n{"input":{"x":2},"output":{"y":4.0000001}}\n' +
      '{"input":{"x":3},"output":{"y":6},"tolerance":0.001}\n',
  );
});

Deno.test("updates nothing where an event fails that should not", async () => {
  const text = '{"input": {"x": 1}, "output": {"y": 9}}\n{"input": {"x": 0}, "output": {"y": 0}}\n';
  const body = "return events.map(({ x }) => ({ y: 2 / Number(x) }));";
  await using project = await writeBackendProject({
    "golden.ndjson": text,
    "inference.ts": backendWith(body),
  });
  const report = await testProject(project.folder, { update: true });
  assert.deepEqual([report.failed, report.updated], [2, false]);
  assert.match(report.results[1]?.problems[0]?.message ?? "", /check.io: .*"y" is Infinity/);
  assert.equal(await Deno.readTextFile(`${project.folder}/golden.ndjson`), text);
  assert.deepEqual([...Deno.readDirSync(project.folder)].filter(({ name }) => name.endsWith(".tmp")), []);
});

Deno.test("adds events with their answers, once each, and leaves what is there as it is", async () => {
  const wrong = '{"input": {"x": 1}, "output": {"y": 9}}';
  await using project = await writeBackendProject({
    "golden.ndjson": `${wrong}\n`,
    "sample.ndjson": '\uFEFF{"x": 2}\n\n{"x": 1}\r\n{"x": 3}\n{"x": 2}\n',
  });
  const add = `${project.folder}/sample.ndjson`;
  const report = await testProject(project.folder, { add });
  assert.deepEqual([report.passed, report.failed, report.updated], [2, 1, true]);
  const written = await Deno.readTextFile(`${project.folder}/golden.ndjson`);
  assert.deepEqual(written.split("\n").map((line) => line === "" ? null : JSON.parse(line)), [
    JSON.parse(wrong),
    { input: { x: 2 }, output: { y: 4 } },
    { input: { x: 3 }, output: { y: 6 } },
    null,
  ]);
  assert.equal((await testProject(project.folder, { add })).updated, false);
  assert.equal(await Deno.readTextFile(`${project.folder}/golden.ndjson`), written);
});

Deno.test("adds nothing where an event fails, and refuses what is no file of events", async () => {
  const body = "return events.map(({ x }) => ({ y: 2 / Number(x) }));";
  await using project = await writeBackendProject({
    "golden.ndjson": "",
    "inference.ts": backendWith(body),
    "sample.ndjson": '{"x": 2}\n{"x": 0}\n',
    "list.ndjson": "[1]\n",
    "text.ndjson": '{"x": 2}\nx\n',
  });
  const report = await testProject(project.folder, { add: `${project.folder}/sample.ndjson` });
  assert.equal(report.updated, false);
  assert.match(report.results[1]?.name ?? "", /^line 2 of .*sample.ndjson$/);
  const refused: [string, string][] = [
    ["list.ndjson", "event.not_object"],
    ["text.ndjson", "event.invalid_json"],
    ["none.ndjson", "source.not_found"],
    [".", "source.not_readable"],
  ];
  for (const [name, code] of refused) {
    await assert.rejects(testProject(project.folder, { add: `${project.folder}/${name}` }), { code });
  }
  assert.equal(await Deno.readTextFile(`${project.folder}/golden.ndjson`), "");
});

Deno.test("refuses a project without golden events, and one that does not load", async () => {
  await using empty = await writeBackendProject({ "golden.ndjson": "\n" });
  await assert.rejects(testProject(empty.folder), { code: "check.golden_missing" });
  await using broken = await writeBackendProject({ "inference.ts": "export class {" });
  await assert.rejects(testProject(broken.folder), { code: "backend.syntax_error" });
});
