import { join } from "node:path";
import { ROOT } from "../run_deno.ts";
import { LoadTool } from "./load_tool.ts";
import { describeMachine } from "./machine.ts";
import { measureServe } from "./measure_serve.ts";
import type { PackflowProgram } from "./packflow_program.ts";
import { packflowContestant, peerContestants } from "./serve_contestants.ts";
import type { ServeFigures } from "./serve_report.ts";
import { modelWorkload, readFixture, type Workload } from "./workloads.ts";

/** Events that are sent in turn. */
const EVENTS = 256;
const SHUTTLE = join(ROOT, "tests", "fixtures", "models", "shuttle");

/** How long to measure. */
export interface ServeBenchOptions {
  readonly repetitions: number;
  readonly seconds: number;
  /** Of `load()`, before anything was started. */
  readonly loadBefore: number;
}

/** Loads `packflow serve` and its peers in turn; or why that cannot be done. */
export async function benchServe(
  program: PackflowProgram,
  folder: string,
  { repetitions, seconds, loadBefore }: ServeBenchOptions,
): Promise<ServeFigures | { readonly missing: string }> {
  const tool = await LoadTool.find();
  if ("missing" in tool) return tool;
  const workload = await serveWorkload(folder);
  const peers = await peerContestants(workload);
  const found = "missing" in peers ? undefined : peers;
  if ("missing" in peers) console.log(`Only Packflow is measured as a server: ${peers.missing}`);
  const contestants = [packflowContestant(program, workload), ...found?.contestants ?? []];
  const [events, expected] = await Promise.all(["events.ndjson", "expected.ndjson"].map(firstLines));
  const cases = await measureServe(contestants, {
    tool,
    events: events ?? [],
    expected: (expected ?? []).map((line) => JSON.parse(line)),
    repetitions,
    seconds,
    folder,
  });
  const machine = await describeMachine({ form: program.form, pythonVersions: found?.versions, loadBefore });
  return {
    cases,
    repetitions,
    seconds,
    compared: EVENTS,
    machine: { ...machine, "Load tool": tool.version },
  };
}

/** Where the model of the workload may be there already, so a folder of its own. */
async function serveWorkload(folder: string): Promise<Workload> {
  const own = join(folder, "serve");
  await Deno.mkdir(own);
  return await modelWorkload("shuttle", { folder: own, rows: 1 });
}

async function firstLines(name: string): Promise<string[]> {
  return (await readFixture(join(SHUTTLE, name))).split("\n").slice(0, EVENTS);
}
