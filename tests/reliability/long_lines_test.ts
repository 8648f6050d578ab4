/** Lines from short to far too long, and the memory that they take. */
import { ok, strictEqual } from "node:assert/strict";
import { errorCode, figure } from "../helpers/echo_run.ts";
import { backendWith, writeBackendProject } from "../helpers/backend_project.ts";
import { canTellMemory, childrenOf, memoryOf } from "../helpers/linux_memory.ts";
import { PackflowRun, programs } from "../helpers/packflow_run.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const FILLER = new Uint8Array(MIB).fill(0x78);
const OPEN = '{"text":"';
const CLOSE = '"}';

/** Writes one line of so many bytes, its end not counted, and never holds more than a piece of it. */
async function writeLine(run: PackflowRun, bytes: number): Promise<void> {
  await run.write(OPEN);
  let left = bytes - OPEN.length - CLOSE.length;
  for (; left > 0; left -= FILLER.length) await run.write(FILLER.subarray(0, Math.min(left, FILLER.length)));
  await run.write(`${CLOSE}\n`);
}

/** Sends lines one by one; returns what is answered and the most memory of the program and of its worker. */
async function sendLines(run: PackflowRun, sizes: readonly number[]) {
  await run.write('{"text":"first"}\n');
  await run.readLines(1);
  const [worker = NaN] = await childrenOf(run.pid);
  const atRest = { main: await memoryOf(run.pid), worker: await memoryOf(worker) };
  const answers: (string | number)[] = [];
  for (const size of sizes) {
    run.output = "";
    const [, lines] = await Promise.all([writeLine(run, size), run.readLines(answers.length + 2)]);
    strictEqual(lines, answers.length + 2);
    answers.push(errorCode(run.output) ?? run.output.length - 1);
  }
  const main = (await memoryOf(run.pid)).peak;
  const inWorker = (await memoryOf(worker)).peak;
  return {
    answers,
    main,
    worker: inWorker,
    mainGrowth: main - atRest.main.now,
    workerGrowth: inWorker - atRest.worker.now,
  };
}

for (const program of await programs()) {
  Deno.test({
    name: `S6: a line of any length takes memory within bounds, and the stream goes on (${program.name})`,
    ignore: !canTellMemory,
    async fn() {
      await using project = await writeBackendProject({ "inference.ts": backendWith("return events;") });
      const args = [project.folder, "--workers", "1", "--on-error", "emit", "--summary", "json"];
      const wide = new PackflowRun(program, [...args, "--max-event-bytes", `${64 * MIB}`]);
      const within = [64 * KIB, MIB, 16 * MIB, 64 * MIB];
      const first = await sendLines(wide, [...within, 64 * MIB + 1, MIB]);
      await wide.endInput();
      strictEqual((await wide.finish()).code, 3);

      const usual = new PackflowRun(program, args);
      const second = await sendLines(usual, [16 * MIB, 16 * MIB + 1, 64 * MIB, 600 * MIB, 64 * KIB]);
      await usual.endInput();
      const { code, summary } = await usual.finish();

      const round = (mib: number) => Math.ceil(mib);
      figure(
        `S6 long lines (${program.name}): 0 crashes of 11 lines up to 600 MiB; peak MiB with a limit of 64: ` +
          `${round(first.main)} main, ${round(first.worker)} worker; with the usual 16: ` +
          `${round(second.main)} main, ${round(second.worker)} worker`,
      );
      const tooLarge = "event.too_large";
      strictEqual(first.answers.join(), [...within, tooLarge, MIB].join());
      strictEqual(second.answers.join(), [16 * MIB, tooLarge, tooLarge, tooLarge, 64 * KIB].join());
      strictEqual(code, 3);
      strictEqual(summary.failed, 3);
      console.log(first, second);
      ok(first.mainGrowth < 4 * 64);
    },
  });
}
