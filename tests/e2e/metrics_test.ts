/** The figures of a run while it runs, as Prometheus reads them. */
import assert from "node:assert/strict";
import { backendWith, writeBackendProject } from "../helpers/backend_project.ts";
import { eventually } from "../helpers/eventually.ts";
import { inTime } from "../helpers/in_time.ts";
import { PackflowRun, programs } from "../helpers/packflow_run.ts";

for (const program of await programs()) {
  Deno.test(`a run tells its figures while it runs, and none after (${program.name})`, async () => {
    await using project = await writeBackendProject({
      "inference.ts": backendWith(
        'return events.map(({ x }) => { if (x === "bad") throw new Error("no"); return { x: x ?? null }; });',
      ),
    });
    const options = ["--metrics", "127.0.0.1:0", "--on-error", "skip", "--workers", "1"];
    await using run = new PackflowRun(program, [project.folder, ...options]);
    const heard = await inTime(run.hears("/metrics\n"), "the address");
    const [, url = ""] = /metrics at (http:\/\/127\.0\.0\.1:\d+)\/metrics/.exec(heard) ?? [];
    await run.write('{"x":1}\n{"x":"bad"}\n{"x":2}\n');
    assert.equal(await inTime(run.readLines(2), "the answers"), 2);
    const [figures, ready] = await Promise.all([
      figuresAt(url, /records_in_total\{.*\} 3\n/),
      fetch(`${url}/health/ready`),
    ]);
    assert.deepEqual([ready.status, await ready.json()], [200, { state: "running" }]);
    assert.match(figures, /^packflow_records_out_total\{model="\w+"\} 2$/m);
    assert.match(figures, /^packflow_records_failed_total\{model="\w+"\} 1$/m);
    assert.match(figures, /^packflow_records_skipped_total\{model="\w+"\} 1$/m);
    assert.match(figures, /^packflow_batch_size_sum\{model="\w+"\} 3$/m);
    assert.match(figures, /^packflow_workers\{model="\w+"\} 1$/m);
    await run.endInput();
    assert.equal((await inTime(run.ended, "the end")).code, 3);
    await assert.rejects(fetch(`${url}/health`));
  });
}

/** The figures once they show a text: those of a block are taken in just after its answers are written. */
async function figuresAt(url: string, shown: RegExp): Promise<string> {
  let text = "";
  await eventually("figures of the events", async () => {
    text = await (await fetch(`${url}/metrics`)).text();
    return shown.test(text);
  });
  return text;
}
