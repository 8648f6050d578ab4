/**
 * `deno task bench`: measures Packflow against the Python original, as a server against those written in Python, and
 * from topic to topic of Apache Kafka, all doing the same in one run, and writes the figures of docs/performance.md. Answers are compared first; nothing
 * is asserted about speed.
 */
import { join } from "node:path";
import { benchKafka } from "./bench/bench_kafka.ts";
import { benchServe } from "./bench/bench_serve.ts";
import { kafkaReport } from "./bench/kafka_report.ts";
import { describeMachine, load } from "./bench/machine.ts";
import { replaceMarked } from "./bench/markdown.ts";
import { type Comparison, fastest, measure, type Sides } from "./bench/measure.ts";
import { measureLinearity } from "./bench/measure_linearity.ts";
import { measureMemory } from "./bench/measure_memory.ts";
import { type BenchOptions, parseOptions, USAGE } from "./bench/options.ts";
import { PackflowProgram } from "./bench/packflow_program.ts";
import { PythonPeer } from "./bench/python_peer.ts";
import { type Figures, report, stageTable } from "./bench/report.ts";
import { serveReport } from "./bench/serve_report.ts";
import { modelWorkload, templateWorkload, transformWorkload, type Workload } from "./bench/workloads.ts";
import { behindSource, compileRuntime } from "./compile_runtime.ts";
import { ROOT, runDeno } from "./run_deno.ts";

const BATCH_SIZES = [1, 32, 256, 2048];
/** Load from which on a warning is due. */
const BUSY = 0.5;
const DOCUMENT = join(ROOT, "docs", "performance.md");

async function main(options: BenchOptions): Promise<void> {
  const loadBefore = load();
  if (loadBefore > BUSY) {
    console.log(`Other work keeps this machine busy (load ${loadBefore}): figures will be rough`);
  }
  const folder = await Deno.makeTempDir({ prefix: "packflow-bench-" });
  try {
    const ours = await PackflowProgram.find(folder, options);
    if (options.profile) return await profile({ ours, theirs: undefined, folder }, options);
    const isOnly = options.serve || options.kafka;
    if (!isOnly) await benchRuns({ ours, folder }, options, loadBefore);
    if (!isOnly || options.serve) await benchServers({ ours, folder }, options, loadBefore);
    if (!isOnly || options.kafka) await benchTopics({ ours, folder }, options, loadBefore);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function benchRuns(
  sides: Pick<Sides, "ours" | "folder">,
  options: BenchOptions,
  loadBefore: number,
): Promise<void> {
  const theirs = await findPeer();
  const pythonVersions = theirs?.versions;
  const machine = await describeMachine({ form: sides.ours.form, pythonVersions, loadBefore });
  const figures: Figures = { machine, ...await measureAll({ ...sides, theirs }, options) };
  const text = report(figures);
  console.log(`\n${text}`);
  if (options.write && theirs !== undefined) await write("figures", text);
}

async function benchServers(
  { ours, folder }: Pick<Sides, "ours" | "folder">,
  { repetitions, serveSeconds, write: mayWrite }: BenchOptions,
  loadBefore: number,
): Promise<void> {
  console.log("servers");
  const figures = await benchServe(await serving(ours, folder), folder, {
    repetitions,
    seconds: serveSeconds,
    loadBefore,
  });
  if ("missing" in figures) return console.log(`Servers are not measured: ${figures.missing}`);
  const text = serveReport(figures);
  console.log(`\n${text}`);
  if (mayWrite && figures.cases.some(({ server }) => server !== "Packflow")) await write("serve", text);
}

async function benchTopics(
  { ours, folder }: Pick<Sides, "ours" | "folder">,
  { kafkaRows: rows, repetitions, write: mayWrite }: BenchOptions,
  loadBefore: number,
): Promise<void> {
  console.log("topic to topic");
  const figures = await benchKafka(ours, folder, { rows, repetitions, loadBefore });
  if ("missing" in figures) return console.log(`Kafka is not measured: ${figures.missing}`);
  const text = kafkaReport(figures);
  console.log(`\n${text}`);
  if (mayWrite && figures.cases.some(({ name }) => name.startsWith("Python"))) await write("kafka", text);
}

/** The program to measure as a server: from source where the binary's runtime is older. */
async function serving(ours: PackflowProgram, folder: string): Promise<PackflowProgram> {
  const behind = ours.form === "binary" ? behindSource(await compileRuntime()) : undefined;
  if (behind === undefined) return ours;
  console.log(`Serving from source, since ${behind}`);
  return await PackflowProgram.find(folder, { fromSource: true });
}

async function findPeer(): Promise<PythonPeer | undefined> {
  const python = await PythonPeer.find();
  if (!("missing" in python)) return python;
  console.log(
    `Only Packflow is measured, and nothing is written, as there is no Python peer: ${python.missing}`,
  );
  return undefined;
}

async function profile(sides: Sides, { rows }: BenchOptions): Promise<void> {
  const comparisons: Comparison[] = [];
  for (const workload of await workloadsIn(sides.folder, rows)) {
    comparisons.push(...await measure(sides, workload, { batchSizes: BATCH_SIZES, repetitions: 1 }));
  }
  console.log(stageTable(comparisons) ?? "The summaries of the runs name no stages");
}

async function measureAll(sides: Sides, options: BenchOptions): Promise<Omit<Figures, "machine">> {
  const { rows, repetitions, startUpRepetitions, soakSeconds, long } = options;
  const { folder } = sides;
  const startUp = await measureStartUp(sides, startUpRepetitions);
  const [shuttle, phishing, transform] = await workloadsIn(folder, rows);
  const onShuttle = await measureShown(sides, shuttle, repetitions);
  const onPhishing = await measureShown(sides, phishing, repetitions);
  const onTransform = await measureShown(sides, transform, repetitions);
  const batchSize = fastest(onShuttle, "ours")?.batchSize ?? 256;
  console.log("memory");
  const memory = await measureMemory(sides, shuttle, { batchSize, soakSeconds });
  if (long) console.log("ten times as many events");
  const linearity = long ? await measureLinearity(sides, shuttle, { batchSize, repetitions }) : undefined;
  return {
    repetitions,
    shuttle: onShuttle,
    phishing: onPhishing,
    transform: onTransform,
    startUp,
    memory,
    linearity,
    binaryBytes: sides.ours.binaryBytes,
  };
}

async function workloadsIn(folder: string, rows: number): Promise<[Workload, Workload, Workload]> {
  return [
    await modelWorkload("shuttle", { folder, rows }),
    await modelWorkload("phishing", { folder, rows }),
    await transformWorkload({ folder, rows }),
  ];
}

async function measureStartUp(sides: Sides, repetitions: number): Promise<Comparison> {
  console.log("start-up");
  const workload = await templateWorkload(sides.ours, sides.folder);
  const [startUp] = await measure(sides, workload, { batchSizes: [1], repetitions });
  if (startUp === undefined) throw new Error("Cannot measure the start-up");
  return startUp;
}

async function measureShown(sides: Sides, workload: Workload, repetitions: number): Promise<Comparison[]> {
  console.log(`${workload.title}, batch sizes ${BATCH_SIZES.join(", ")}`);
  return await measure(sides, workload, { batchSizes: BATCH_SIZES, repetitions });
}

async function write(marks: "figures" | "serve" | "kafka", text: string): Promise<void> {
  const document = await Deno.readTextFile(DOCUMENT);
  await Deno.writeTextFile(DOCUMENT, replaceMarked(document, marks, text));
  await runDeno(["fmt", "--quiet", DOCUMENT], { cwd: ROOT });
  console.log(`\nwrote ${DOCUMENT}`);
}

/** The options, or undefined once the help is shown, asked for or not. */
function optionsOrHelp(): BenchOptions | undefined {
  try {
    const options = parseOptions(Deno.args);
    if (options === undefined) console.log(USAGE);
    return options;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    Deno.exitCode = 2;
    return undefined;
  }
}

const options = optionsOrHelp();
if (options !== undefined) await main(options);
