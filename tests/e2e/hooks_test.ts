/** A backend that throws: whichever hook it is, the message names it and its line in the user's file. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { packflowTests } from "../helpers/packflow.ts";

const test = await packflowTests();

/** A backend that counts, with a member that fails on line 8. */
function backend(member: string): string {
  return `import { InferenceBackend, type Records } from "packflow";

export class Backend extends InferenceBackend {
  override execute(events: Records): Records {
    return events.map((event) => ({ y: Number(event.x) + 1 }));
  }

  ${member}
}

function fail(): never {
  throw new Error("out of coffee");
}
`;
}

const THROWING: Readonly<Record<string, { member: string; code: number; name: string }>> = {
  constructor: { member: "broken = fail();", code: 4, name: "backend.initialize_failed" },
  initialize: { member: "override initialize() { fail(); }", code: 4, name: "backend.initialize_failed" },
  ready: { member: "override ready(): boolean { return fail(); }", code: 4, name: "backend.hook_failed" },
  transformInputs: {
    member: "override transformInputs(): Records { return fail(); }",
    code: 3,
    name: "backend.hook_failed",
  },
  transformOutputs: {
    member: "override transformOutputs(): Records { return fail(); }",
    code: 3,
    name: "backend.hook_failed",
  },
  dispose: { member: "override dispose() { fail(); }", code: 4, name: "backend.hook_failed" },
};

test("what a hook throws is told with the hook, the file and the line", async (packflow, cwd) => {
  await Promise.all(
    Object.entries(THROWING).map(async ([hook, { member, code, name }]) => {
      await writeProject(join(cwd, hook), backend(member));
      const run = await packflow.run(["run", hook], { cwd, stdin: '{"x": 1}\n', code });
      assert.match(run.stderr, new RegExp(`${hook}.* threw: out of coffee.*\\[${name}\\]`));
      assert.match(run.stderr, /\binference\.ts:12:9\b/);
      assert.doesNotMatch(run.stderr, /internal\.|Uncaught/);
      // what was answered before the backend failed to end well is answered
      assert.equal(run.stdout, hook === "dispose" ? '{"y":2}\n' : "");

      const report = await packflow.json(["validate", hook], { cwd, code: 1 });
      const found = report.diagnostics.filter(({ severity }) => severity === "error");
      assert.deepEqual(
        found.map(({ code, file, line, column }) => ({ code, file, line, column })),
        [{ code: name, file: "inference.ts", line: 12, column: 9 }],
        hook,
      );
      const tested = await packflow.run(["test", hook], { cwd, code: code === 4 ? 4 : 1 });
      assert.match(tested.stderr, /out of coffee[^]*inference\.ts:12:9/);
    }),
  );
});

test("an event that execute cannot take fails alone, with the line that threw", async (packflow, cwd) => {
  const source = backend("").replace("Number(event.x) + 1", "event.x === 2 ? fail() : 1");
  await writeProject(join(cwd, "picky"), source);
  const stdin = [1, 2, 3, 4].map((x) => `{"x":${x}}\n`).join("");
  const { stdout, stderr } = await packflow.run(["run", "picky", "--on-error", "emit"], {
    cwd,
    stdin,
    code: 3,
  });
  const message = 'Cannot run execute of "Backend" as it threw: out of coffee (inference.ts:12:9)';
  const answers = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(answers, [
    { y: 1 },
    { error: { code: "backend.hook_failed", message } },
    { y: 1 },
    { y: 1 },
  ]);
  assert.match(stderr, /^4 events in, 4 answers out, 1 failed in/);
});

const UNLOADABLE: Readonly<Record<string, { source: string; message: RegExp }>> = {
  "throws when imported": {
    source: '\nthrow new Error("out of tea");\n',
    message: /out of tea \[backend\.import_failed\]\n {2}at inference\.ts:2:7\n/,
  },
  "is no TypeScript": {
    source: "export class Backend {\n  execute( {\n}\n",
    message: /\n {2}at inference\.ts:\d+:\d+\n/,
  },
  "imports what is not there": {
    source: 'import { table } from "./table.ts";\nexport const Backend = table;\n',
    message: /table\.ts[^]*\n {2}at inference\.ts:1(:\d+)?\n/,
  },
  "exports no backend": {
    source: "export class Backend {}\n",
    message: /\[backend\.wrong_export\]/,
  },
};

test("a backend that cannot be loaded is told with file and line", async (packflow, cwd) => {
  await Promise.all(
    Object.entries(UNLOADABLE).map(async ([what, { source, message }], at) => {
      const name = `p${at}`;
      await writeProject(join(cwd, name), source);
      const { stdout, stderr } = await packflow.run(["run", name], { cwd, stdin: '{"x": 1}\n', code: 4 });
      assert.match(stderr, message, what);
      assert.doesNotMatch(stderr, /internal\.|Uncaught/);
      assert.equal(stdout, "");
    }),
  );
});

async function writeProject(folder: string, source: string): Promise<void> {
  await Deno.mkdir(folder);
  await Deno.writeTextFile(join(folder, "packflow.jsonc"), '{ "name": "broken" }');
  await Deno.writeTextFile(join(folder, "inference.ts"), source);
  await Deno.writeTextFile(join(folder, "golden.ndjson"), '{"input": {"x": 1}, "output": {"y": 2}}\n');
}
