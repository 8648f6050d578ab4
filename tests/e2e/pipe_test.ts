/** docs/pipe.md, sentence by sentence; readers that leave or are slow are in streams_test.ts and tests/reliability. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inTime } from "../helpers/in_time.ts";
import { type Packflow, packflowTests } from "../helpers/packflow.ts";
import { PackflowRun, type Program, programs } from "../helpers/packflow_run.ts";

const test = await packflowTests();

/** Answers `{"y": x + 1}`, prints, and does what an event tells it to. */
const BACKEND = `import { InferenceBackend, type Records } from "packflow";
export class Backend extends InferenceBackend {
  override async execute(events: Records) {
    const answers = [];
    for (const { x, act } of events) {
      if (act === "print") console.log("seen by people");
      if (act === "throw") throw new Error("thrown");
      if (act === "exit") Deno.exit(0);
      while (act === "hang");
      answers.push({ y: Number(x) + 1 });
    }
    return answers;
  }
}
`;

async function writeProject(cwd: string): Promise<void> {
  await Deno.mkdir(join(cwd, "p"));
  await Deno.writeTextFile(join(cwd, "p/packflow.jsonc"), '{ "name": "p" }');
  await Deno.writeTextFile(join(cwd, "p/inference.ts"), BACKEND);
}

/** Runs the project on a text. */
async function filter(packflow: Packflow, cwd: string, { stdin, code = 0, args = [] }: Filtered) {
  return await inTime(packflow.run(["run", "p", ...args], { cwd, stdin, code }), "the end of the run");
}

interface Filtered {
  readonly stdin: string;
  readonly code?: number;
  readonly args?: readonly string[];
}

function range(count: number, line: (x: number) => string): string {
  return Array.from({ length: count }, (_, x) => `${line(x)}\n`).join("");
}

test("one answer a line for each event a line, in order, however many workers", async (packflow, cwd) => {
  await writeProject(cwd);
  const stdin = range(30_000, (x) => `{"x":${x}}`);
  const { stdout } = await filter(packflow, cwd, { stdin, args: ["--workers", "3", "--batch-size", "16"] });
  assert.ok(stdout === range(30_000, (x) => `{"y":${x + 1}}`), "answers must be in the order of the events");
});

test("empty lines are no events, and the last line may lack its newline", async (packflow, cwd) => {
  await writeProject(cwd);
  const stdin = '\n{"x":1}\r\n   \n\r\n{"x":2}\n\t\n{"x":3}';
  assert.equal((await filter(packflow, cwd, { stdin })).stdout, '{"y":2}\n{"y":3}\n{"y":4}\n');
});

test("no input gives no output and exit code 0", async (packflow, cwd) => {
  await writeProject(cwd);
  const ends = await Promise.all(["", "\n\n"].map((stdin) => filter(packflow, cwd, { stdin })));
  assert.deepEqual(ends.map(({ stdout }) => stdout), ["", ""]);
});

test("standard output holds answers and nothing else", async (packflow, cwd) => {
  await writeProject(cwd);
  const { stdout, stderr } = await filter(packflow, cwd, { stdin: '{"x":1,"act":"print"}\n' });
  assert.equal(stdout, '{"y":2}\n');
  assert.match(stderr, /seen by people/);
  assert.match(stderr, /1 event in, 1 answer out/);
});

/** Lines that fail, each in its own way. */
const BAD: readonly [line: string, code: string][] = [
  ["{broken", "event.invalid_json"],
  ["[1]", "event.not_object"],
  ['{"x":1} {"x":2}', "event.invalid_json"],
  [`{"x":"${"a".repeat(2000)}"}`, "event.too_large"],
  ['{"x":1,"act":"throw"}', "backend.hook_failed"],
  ['{"x":1,"act":"exit"}', "worker.exited"],
  ['{"x":1,"act":"hang"}', "worker.timeout"],
];

test("with --on-error emit N in are N out, each in its place", async (packflow, cwd) => {
  await writeProject(cwd);
  const lines = BAD.flatMap(([line], at) => [`{"x":${at}}`, line]);
  const args = ["--on-error", "emit", "--max-event-bytes", "1000", "--timeout", "2000", "--workers", "2"];
  const { stdout, stderr } = await filter(packflow, cwd, { stdin: lines.join("\n"), code: 3, args });
  const answers = stdout.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  const expected = BAD.flatMap(([, code], at) => [{ y: at + 1 }, code]);
  assert.deepEqual(answers.map((answer) => answer.error?.code ?? answer), expected, stderr);
  assert.deepEqual(Object.keys(answers[1].error), ["code", "message"]);
});

test("kept fields join answers, and errors of events, to their events", async (packflow, cwd) => {
  await writeProject(cwd);
  const stdin = '{"x":1,"id":"a"}\n{"act":"throw","id":"b"}\n{"x":3,"id":12345678901234567890}\n';
  const args = ["--on-error", "emit", "--keep", "id"];
  const { stdout } = await filter(packflow, cwd, { stdin, code: 3, args });
  assert.match(
    stdout,
    /^\{"id":"a","y":2\}\n\{"id":"b","error":\{.*\}\}\n\{"id":12345678901234567890,"y":4\}\n$/,
  );
});

test("the first event that fails stops the run: what came before is answered", async (packflow, cwd) => {
  await writeProject(cwd);
  const stdin = range(500, (x) => x === 300 ? "{broken" : `{"x":${x}}`);
  const { stdout } = await filter(packflow, cwd, { stdin, code: 3 });
  assert.equal(stdout, range(300, (x) => `{"y":${x + 1}}`));
});

test("whatever keeps events from being answered shows in the exit code", async (packflow, cwd) => {
  await writeProject(cwd);
  const stdin = '{"x":1}\n';
  const unloadable = packflow.run(["run", "nothing"], { cwd, stdin, code: 4 });
  const unwritable = filter(packflow, cwd, { stdin, code: 6, args: ["--output", "no/such/folder/file"] });
  for (const { stdout } of await Promise.all([unloadable, unwritable])) assert.equal(stdout, "");
});

test("where errors in their place are good enough, 3 passes and nothing else", async (packflow, cwd) => {
  await writeProject(cwd);
  const run = (args: readonly string[], code: number) =>
    packflow.run(["run", ...args, "--on-error", "emit"], {
      cwd,
      stdin: '{"x":1}\n{broken\n',
      shell: '"$@" || test $? -eq 3',
      code,
    });
  const [passed] = await Promise.all([run(["p"], 0), run(["nothing"], 1)]);
  assert.match(passed.stdout, /^\{"y":2\}\n\{"error":\{"code":"event.invalid_json",/);
});

for (const program of await programs()) {
  Deno.test(`an event is answered while the input stays open (${program.name})`, () => pingPong(program));
}

/** Writes an event and waits for its answer, many times over. */
async function pingPong(program: Program): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "packflow-e2e-" }));
  try {
    await writeProject(folder);
    await using run = new PackflowRun(program, [join(folder, "p")]);
    for (let x = 0; x < 100; x++) {
      assert.ok(await run.write(`{"x":${x}}\n`));
      assert.equal(await inTime(run.readLines(x + 1), `answer ${x}`), x + 1);
    }
    await run.endInput();
    assert.equal((await inTime(run.finish(), "the end")).code, 0);
    assert.equal(run.output, range(100, (x) => `{"y":${x + 1}}`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
