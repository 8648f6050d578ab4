import { join } from "node:path";
import { KafkaWitness, witnessPython } from "../../tests/helpers/kafka_witness.ts";
import { KafkaBroker } from "../kafka/kafka_broker_process.ts";
import { KAFKA_VERSION } from "../kafka/kafka_jars.ts";
import { ROOT } from "../run_deno.ts";
import { type KafkaContestant, loopMember, packflowMember, pythonMember } from "./kafka_contestants.ts";
import type { KafkaFigures, KafkaMemory } from "./kafka_report.ts";
import { describeMachine } from "./machine.ts";
import { type KafkaJob, measureKafka, memoryOfMember } from "./measure_kafka.ts";
import type { PackflowProgram } from "./packflow_program.ts";
import { memoryMetric } from "./process_memory.ts";
import { growthOf } from "./statistics.ts";
import { modelWorkload, readFixture } from "./workloads.ts";

const SHUTTLE = join(ROOT, "tests", "fixtures", "models", "shuttle");
const COMPARED = 40_000;

/** How much to measure. */
export interface KafkaBenchOptions {
  readonly rows: number;
  readonly repetitions: number;
  /** Of `load()`, before anything was started. */
  readonly loadBefore: number;
}

/** Runs Packflow, its peer and a loop without a model from topic to topic in turn; or why that cannot be done. */
export async function benchKafka(
  program: PackflowProgram,
  folder: string,
  { rows, repetitions, loadBefore }: KafkaBenchOptions,
): Promise<KafkaFigures | { readonly missing: string }> {
  const python = await witnessPython();
  if ("missing" in python) return python;
  const found = await KafkaBroker.start({ fast: true, heap: "512m" });
  if ("missing" in found) return found;
  await using broker = found;
  await using witness = new KafkaWitness(python.python, broker.address());
  const own = join(folder, "kafka");
  await Deno.mkdir(own);
  const workload = await modelWorkload("shuttle", { folder: own, rows: 0 });
  const peer = await pythonMember(workload);
  if ("missing" in peer) console.log(`Only Packflow is measured with Kafka: ${peer.missing}`);
  const ours = packflowMember(program, workload);
  const contestants = [ours, loopMember(), ..."missing" in peer ? [] : [peer.contestant]];
  const events = join(own, "events.ndjson");
  await Deno.writeTextFile(events, await readFixture(join(SHUTTLE, "events.ndjson")));
  const expected = (await readFixture(join(SHUTTLE, "expected.ndjson"))).trimEnd().split("\n");
  const compared = Math.min(rows, COMPARED);
  const job = { address: broker.address(), witness, events, expected, rows, compared, repetitions };
  const cases = await measureKafka(contestants, job);
  const setting = cases.find(({ name }) => name === ours.name)?.setting ?? "";
  const memory = await memoryOf(ours, { ...job, setting });
  const pythonVersions = "missing" in peer ? undefined : peer.versions;
  const machine = await describeMachine({ form: program.form, pythonVersions, loadBefore });
  const described = `Apache Kafka ${KAFKA_VERSION}, one node on the same machine, 4 partitions`;
  return { cases, repetitions, compared, memory, machine: { ...machine, Broker: described } };
}

async function memoryOf(
  contestant: KafkaContestant,
  job: KafkaJob & { readonly setting: string },
): Promise<KafkaMemory | undefined> {
  const metric = await memoryMetric();
  if (metric === undefined) return undefined;
  const samples = (await memoryOfMember(contestant, metric, job)).map(({ bytes }) => bytes);
  const half = samples.slice(samples.length >> 1);
  return { metric, rows: job.rows, peakBytes: Math.max(...samples), growthBytes: growthOf(half) };
}
