/** A reader that takes its time: what waits for it must not pile up. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { systemClock } from "../../lib/host/clock.ts";
import { runStream } from "../../lib/stream/run_stream.ts";
import { backendWith, writeBackendProject } from "../helpers/backend_project.ts";
import { figure } from "../helpers/echo_run.ts";
import { canTellMemory, childrenOf, memoryOf } from "../helpers/linux_memory.ts";
import { blockOptions, LocalWorker } from "../helpers/local_worker.ts";
import { PackflowRun, type Program, programs } from "../helpers/packflow_run.ts";
import { bytesOf } from "../helpers/streams.ts";

const MIB = 1024 * 1024;
const LINE = `${JSON.stringify({ id: 1, filler: "x".repeat(100) })}\n`;
const LINES = 1_000_000;
const CHUNK = LINE.repeat(1000);

Deno.test("S11: what is read stops at a bound while the sink takes nothing, and goes on after", async () => {
  const most = 128;
  const chunk = bytesOf(CHUNK.repeat(5));
  let read = 0;
  let taken = 0;
  const gate = Promise.withResolvers<void>();
  const stalled = Promise.withResolvers<void>();
  async function* chunks() {
    for (; read < most; read++) {
      // A turn of the event loop each: nothing is left that could go on when many of them bring nothing.
      await new Promise<void>((resolve) => setImmediate(resolve));
      yield chunk;
    }
  }
  const running = runStream({
    source: { name: "endless", mayPause: false, chunks: chunks() },
    sink: {
      name: "slow",
      async write(bytes) {
        stalled.resolve();
        await gate.promise;
        taken += bytes.length;
      },
      close: () => Promise.resolve(),
    },
    startWorker: () => new LocalWorker((events) => Promise.resolve(events)),
    block: blockOptions(),
    workers: 2,
    inputFormat: "ndjson",
    clock: systemClock,
  });
  await stalled.promise;
  for (let quiet = 0, before = read; quiet < 1000; before = read) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    quiet = read === before ? quiet + 1 : 0;
  }
  const held = read * chunk.length;
  gate.resolve();
  const { outcome, written } = await running;
  figure(
    `S11 slow sink: ${(held / MIB).toFixed(1)} MiB read of ${
      most * chunk.length / MIB | 0
    } MiB while it took nothing`,
  );
  ok(held < 8 * MIB, `${held}`);
  deepStrictEqual([outcome, written, taken], ["completed", most * 5000, most * chunk.length]);
});

/** Writes all lines as fast as they are taken. */
async function produce(run: PackflowRun): Promise<void> {
  for (let left = LINES; left > 0; left -= 1000) await run.write(CHUNK);
  await run.endInput();
}

/** Waits until the run takes nothing more, which its processes show by using no time. */
async function untilStalled(run: PackflowRun, pids: readonly number[]): Promise<void> {
  let before = "";
  for (let quiet = 0; quiet < 5;) {
    await new Promise<void>((resolve) => setTimeout(resolve, 20));
    const used = await Promise.all(pids.map(timeUsed));
    const now = [run.accepted, ...used].join();
    quiet = now === before ? quiet + 1 : 0;
    before = now;
  }
}

/** Time that a process has used, in the system's ticks. */
async function timeUsed(pid: number): Promise<string> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")")).split(" ").slice(12, 14).join();
}

async function slowReader(program: Program, folder: string) {
  const run = new PackflowRun(program, [folder, "--workers", "1"]);
  const writing = produce(run);
  await run.readLines(10);
  const pids = [run.pid, ...await childrenOf(run.pid)];
  await untilStalled(run, pids);
  const accepted = run.accepted;
  const samples: number[][] = [];
  const look = async () =>
    samples.push(await Promise.all(pids.map(async (pid) => (await memoryOf(pid)).now)));
  await look();
  const pace = LINES / 8;
  for (let lines = pace; lines < LINES; lines += pace) {
    run.output = "";
    await run.readLines(lines);
    await look();
  }
  const end = await run.finish();
  await writing;
  strictEqual(end.code, 0, end.errors);
  const memory = pids.map((_, index) => samples.map((sample) => Math.round(sample[index] ?? NaN)));
  return { accepted, memory };
}

for (const program of await programs()) {
  Deno.test({
    name: `S11: a slow reader slows the run down, and memory stays flat (${program.name})`,
    ignore: !canTellMemory,
    async fn() {
      await using project = await writeBackendProject({ "inference.ts": backendWith("return events;") });
      const { accepted, memory } = await slowReader(program, project.folder);
      const spreads = memory.map(([start, ...later]) => {
        const [least, most] = [Math.min(...later), Math.max(...later)];
        return { text: `${start} MiB at first, then ${least} to ${most} MiB`, mib: most - least };
      });
      figure(
        `S11 slow reader (${program.name}): ${(accepted / MIB).toFixed(1)} MiB accepted of ` +
          `${LINES * LINE.length / MIB | 0} MiB after 10 lines; main ${spreads[0]?.text}, worker ${
            spreads[1]?.text
          }`,
      );
      ok(accepted < 8 * MIB, `${accepted}`);
      // From the first eighth of the stream on: before that the program has not done all it does.
      for (const { mib } of spreads) ok(mib < 64, `${mib} MiB`);
    },
  });
}
