/** What surrounds a run: readers that leave, full disks, formats, files that must not be touched. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type Packflow, packflowTests } from "../helpers/packflow.ts";

const test = await packflowTests();

/** A project that answers `{"y": x + 1}`. */
async function writeCounter(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  await Deno.writeTextFile(join(folder, "packflow.jsonc"), '{ "name": "counter" }');
  await Deno.writeTextFile(
    join(folder, "inference.ts"),
    `import { InferenceBackend, type Records } from "packflow";
export class Backend extends InferenceBackend {
  override execute(events: Records) {
    return events.map((event) => ({ y: Number(event.x) + 1 }));
  }
}
`,
  );
}

function events(count: number): string {
  return Array.from({ length: count }, (_, x) => `{"x":${x}}\n`).join("");
}

test("columns of CSV stay text where they are asked to", async (packflow, cwd) => {
  await Deno.mkdir(join(cwd, "echo"));
  await Deno.writeTextFile(join(cwd, "echo/packflow.jsonc"), '{ "name": "echo" }');
  await Deno.writeTextFile(
    join(cwd, "echo/inference.ts"),
    `import { InferenceBackend, type Records } from "packflow";
export class Backend extends InferenceBackend {
  override execute(events: Records) {
    return events.map(({ id, n }) => ({ id: id ?? null, n: n ?? null }));
  }
}
`,
  );
  const run = (...args: string[]) =>
    packflow.run(["run", "echo", "--input-format", "csv", ...args], {
      cwd,
      stdin: "id,n\n12,3\n,4\n",
      code: "any",
    });
  assert.equal((await run()).stdout, '{"id":12,"n":3}\n{"id":null,"n":4}\n');
  assert.equal((await run("--text-columns", "id")).stdout, '{"id":"12","n":3}\n{"id":"","n":4}\n');
  const { code, stderr } = await run("--text-columns", "id,zip");
  assert.equal(code, 2);
  assert.match(stderr, /"zip" as text as it must be one of the input's: they are id, n/);
});

test("a reader that leaves, as head does, ends the run quietly", async (packflow, cwd) => {
  await writeCounter(join(cwd, "counter"));
  await Deno.writeTextFile(join(cwd, "events.ndjson"), events(200_000));
  const options = { cwd, stdin: "" };
  const child = packflow.command(["run", "counter", "--input", "events.ndjson"], options).spawn();
  await child.stdin.close();
  const reader = child.stdout.getReader();
  const first = new TextDecoder().decode((await reader.read()).value);
  assert.ok(first.startsWith('{"y":1}\n{"y":2}\n'));
  await reader.cancel();
  const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
  assert.deepEqual([code, stderr], [0, ""]);
});

test("a reader that never was changes no exit code", async (packflow, cwd) => {
  const [help, schema, failed] = await Promise.all([
    runUnread(packflow, ["--help"], cwd),
    runUnread(packflow, ["schema"], cwd),
    runUnread(packflow, ["validate", "nothing", "--json"], cwd),
  ]);
  assert.deepEqual([help, schema], [{ code: 0, stderr: "" }, { code: 0, stderr: "" }]);
  assert.equal(failed.code, 4);
  // what standard output would not take is told on standard error
  assert.match(failed.stderr, /\[project\.not_found\]/);
});

/** Runs with a standard output that was closed before the start. */
async function runUnread(packflow: Packflow, args: string[], cwd: string) {
  const child = packflow.command(args, { cwd, stdin: "", shell: 'read go; exec "$@"' }).spawn();
  await child.stdout.cancel();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode("go\n"));
  await writer.close();
  const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
  return { code, stderr };
}

test("a full disk is told, with exit code 6", async (packflow, cwd) => {
  await writeCounter(join(cwd, "counter"));
  const full = '"$@" > /dev/full';
  const run = (args: string[], shell?: string) =>
    packflow.run(args, { cwd, stdin: events(5), code: 6, ...(shell === undefined ? {} : { shell }) });
  const failed = await Promise.all([
    run(["run", "counter"], full),
    run(["run", "counter", "--output", "/dev/full"]),
    run(["schema"], full),
    run(["--help"], full),
    run(["--version"], full),
    run(["validate", "counter", "--json"], full),
  ]);
  for (const { stdout, stderr } of failed) {
    assert.match(stderr, /no space left on its device \[sink\.write_failed\]/);
    assert.doesNotMatch(stderr, /Uncaught/);
    assert.equal(stdout, "");
  }
  assert.match(failed[0]?.stderr ?? "", /5 events in, 0 answers out, 5 unanswered/);
  const buried = await packflow.run(["run", "counter", "--on-error", "skip", "--dead-letter", "/dev/full"], {
    cwd,
    stdin: '{"x":1}\nbroken\n',
    code: 6,
  });
  assert.match(buried.stderr, /dead letters to "\/dev\/full".*\[sink\.write_failed\]/);
});

test(
  "inputs and outputs are NDJSON or a JSON array, told by option, extension or first character",
  async (packflow, cwd) => {
    await writeCounter(join(cwd, "counter"));
    await Deno.writeTextFile(join(cwd, "events.json"), '[{"x": 1},\n {"x": 2}]');
    const run = (options: string[], stdin = "") =>
      packflow.run(["run", "counter", ...options], { cwd, stdin });
    const [file, , ndjson, array] = await Promise.all([
      run(["--input", "events.json"]),
      run(["--input", "events.json", "--output", "answers.json"]),
      run(["--input-format", "ndjson", "--max-wait", "5"], events(2)),
      run(["--output-format", "json"], '[{"x": 1}]'),
    ]);
    assert.equal(file.stdout, '{"y":2}\n{"y":3}\n');
    assert.deepEqual(JSON.parse(await Deno.readTextFile(join(cwd, "answers.json"))), [{ y: 2 }, { y: 3 }]);
    assert.equal(ndjson.stdout, '{"y":1}\n{"y":2}\n');
    assert.deepEqual(JSON.parse(array.stdout), [{ y: 2 }]);
  },
);

test("no run destroys its input, or mixes its outputs", async (packflow, cwd) => {
  await writeCounter(join(cwd, "counter"));
  await Deno.writeTextFile(join(cwd, "events.ndjson"), events(3));
  const run = (options: string[], code: number) =>
    packflow.run(["run", "counter", "--input", "events.ndjson", ...options], { cwd, code });
  const [onto, buried, both, mixed, nowhere, nothing] = await Promise.all([
    run(["--output", "./events.ndjson"], 6),
    run(["--dead-letter", "events.ndjson"], 6),
    run(["--output", "both.ndjson", "--dead-letter", "both.ndjson"], 6),
    run(["--dead-letter", "-"], 2),
    run(["--output", "no/where.ndjson"], 6),
    run(["--input", "nothing.ndjson"], 6),
  ]);
  for (const { stderr } of [onto, buried, both]) assert.match(stderr, /\[sink\.is_source\]/);
  assert.match(mixed.stderr, /\[usage\.invalid\]/);
  assert.match(nowhere.stderr, /"no\/where\.ndjson".*\[sink\.not_writable\]/);
  assert.match(nothing.stderr, /"nothing\.ndjson".*\[source\.not_found\]/);
  assert.equal(await Deno.readTextFile(join(cwd, "events.ndjson")), events(3));
});

test("the first signal drains, and what was read is answered", async (packflow, cwd) => {
  await writeCounter(join(cwd, "counter"));
  const { code, stdout, stderr } = await interrupt(packflow, cwd);
  assert.equal(code, 0);
  assert.equal(stdout, '{"y":1}\n{"y":2}\n');
  assert.match(stderr, /^2 events in, 2 answers out in .*, stopped by a signal\n$/);
});

/** Runs with an input that stays open, and sends SIGTERM when the first answers are there. */
async function interrupt(packflow: Packflow, cwd: string) {
  const child = packflow.command(["run", "counter"], { cwd, stdin: "" }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(events(2)));
  const decoder = new TextDecoder();
  let stdout = "";
  for await (const chunk of child.stdout) {
    stdout += decoder.decode(chunk);
    if (stdout.split("\n").length === 3) child.kill("SIGTERM");
  }
  const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
  await writer.close().catch(() => {});
  return { code, stdout, stderr };
}
