/** Signals that stop a run at any moment. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { backendWith, writeBackendProject } from "../helpers/backend_project.ts";
import { figure, randomFrom } from "../helpers/echo_run.ts";
import { PackflowRun, programs } from "../helpers/packflow_run.ts";

const RUNS = 50;
const EVENTS = 10_000;
const SIGNALS = ["SIGTERM", "SIGINT"] as const;

const hosts = await programs();

const LINES = Array.from({ length: EVENTS }, (_, id) => {
  return `${JSON.stringify({ id: 100_000 + id, filler: "x".repeat(500 + id % 300) })}\n`;
});
const INPUT = LINES.join("");
/** Lines by where they end in the input. */
const LINE_AT = new Map([[0, 0]]);
for (let end = 0; end < INPUT.length;) {
  end = INPUT.indexOf("\n", end) + 1;
  LINE_AT.set(end, LINE_AT.size);
}

/** How many of the lines of an input have no answer, or one out of its place. */
function lostOf(input: string, output: string): number {
  if (output === input) return 0;
  const answers = output.split("\n");
  return Math.max(1, input.split("\n").filter((line, index) => line !== answers[index]).length);
}

Deno.test("S12: a signal at any moment loses no line that was read", async () => {
  await using project = await writeBackendProject({ "inference.ts": backendWith("return events;") });
  const random = randomFrom(12);
  const times: number[] = [];
  let lost = 0;
  let read = 0;
  for (let index = 0; index < RUNS; index++) {
    const program = hosts[index % hosts.length];
    const signal = SIGNALS[(index >> 1) % 2];
    ok(program !== undefined && signal !== undefined);
    const isUnordered = index % 5 === 0;
    const args = [
      project.folder,
      "--workers",
      index % 3 === 0 ? "1" : "2",
      "--batch-size",
      "64",
      "--summary",
      "json",
    ];
    const run = new PackflowRun(program, isUnordered ? [...args, "--unordered"] : args);
    // The input does not end, so only the signal can end the run; before the first answer it may not be ready for one.
    const writing = run.write(INPUT);
    await run.readLines(1 + Math.floor(random() * EVENTS));
    const start = performance.now();
    run.signal(signal);
    const { code, signal: killedBy, summary, errors } = await run.finish();
    times.push(performance.now() - start);
    await writing;

    deepStrictEqual([code, killedBy, summary.outcome], [0, null, "drained"], errors);
    // Whole lines in what was read, which is ASCII. The others were not taken from the input at all.
    const whole = INPUT.lastIndexOf("\n", Number(summary.bytesRead) - 1) + 1;
    const lines = LINE_AT.get(whole) ?? NaN;
    read += lines;
    // Ids of equal length: the order of the texts is that of the input.
    const output = isUnordered ? run.output.split(/(?<=\n)/).sort().join("") : run.output;
    lost += lostOf(INPUT.slice(0, whole), output);
    deepStrictEqual([summary.read, summary.written], [lines, lines]);
  }
  const slowest = Math.max(...times);
  figure(
    `S12 signals: ${RUNS} runs (${
      hosts.map(({ name }) => name).join(", ")
    }; SIGTERM, SIGINT), ${lost} lost of ${read} ` +
      `lines read, slowest end ${Math.ceil(slowest)} ms`,
  );
  strictEqual(lost, 0);
});

Deno.test("S12: a second signal ends a run at once, whatever it waits for", async () => {
  await using project = await writeBackendProject({
    "inference.ts": backendWith('console.log("hangs"); for (;;);'),
  });
  for (const program of hosts) {
    const run = new PackflowRun(program, [project.folder]);
    ok(await run.write('{"id":1}\n'));
    await run.hears("hangs");
    run.signal("SIGINT");
    run.signal("SIGTERM");
    const { code } = await run.finish();
    ok(code === 130 || code === 143, `${code}`);
  }
});
