/** Lines from short to far too long, and the memory that they take. */
import { ok, strictEqual } from "node:assert/strict";
import { errorCode, figure } from "../helpers/echo_run.ts";
import { backendWith, writeBackendProject } from "../helpers/backend_project.ts";
import { canTellMemory, childrenOf, memoryOf } from "../helpers/linux_memory.ts";
import { PackflowRun, programs } from "../helpers/packflow_run.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
/** What a program grows by whatever comes: its garbage is not collected at once. */
const NOISE_MIB = 64;
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

/** Sends lines one by one; returns what is answered, the program's and its worker's growth in MiB. */
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
  const growth = ({ peak }: { peak: number }, before: { now: number }) => Math.ceil(peak - before.now);
  return {
    answers,
    main: growth(await memoryOf(run.pid), atRest.main),
    worker: growth(await memoryOf(worker), atRest.worker),
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
      const long = await sendLines(wide, within);
      await wide.endInput();
      strictEqual((await wide.finish()).code, 0);

      const usual = new PackflowRun(program, args);
      const tooLong = await sendLines(usual, [16 * MIB + 1, 64 * MIB, 600 * MIB, 64 * KIB]);
      await usual.endInput();
      const { code, summary } = await usual.finish();

      figure(
        `S6 long lines (${program.name}): 0 crashes of 8 lines up to 600 MiB; growth at its peak: for 64 MiB of 64 ` +
          `${long.main} MiB and in the worker ${long.worker} MiB, for 600 MiB of 16 ${tooLong.main} MiB and ` +
          `${tooLong.worker} MiB`,
      );
      const tooLarge = "event.too_large";
      strictEqual(long.answers.join(), within.join());
      strictEqual(tooLong.answers.join(), [tooLarge, tooLarge, tooLarge, 64 * KIB].join());
      strictEqual(code, 3);
      strictEqual(summary.failed, 3);
      // What is answered is there as bytes that came, as text, as a value, and as text and bytes that go.
      ok(long.main < 8 * 64 && long.worker < 12 * 64);
      ok(tooLong.main < 4 * 16 + NOISE_MIB && tooLong.worker < 4 * 16 + NOISE_MIB);
    },
  });
}
