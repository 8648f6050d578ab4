import { table } from "./markdown.ts";
import type { KafkaCase } from "./measure_kafka.ts";

/** How memory went over a run. */
export interface KafkaMemory {
  readonly metric: "PSS" | "RSS";
  readonly rows: number;
  readonly peakBytes: number;
  /** From the end of the run's first half to its end. */
  readonly growthBytes: number;
}

/** All that was measured of members of consumer groups. */
export interface KafkaFigures {
  readonly cases: readonly KafkaCase[];
  readonly repetitions: number;
  readonly compared: number;
  readonly memory?: KafkaMemory | undefined;
  readonly machine: Readonly<Record<string, string>>;
}

const OURS = "Packflow";
const LOOP = "loop without a model";
/** How many times the peer, and what part of the loop, we want to reach. */
const LEAST_OF_PEER = 3;
const LEAST_OF_LOOP = 0.6;

/** The figures as markdown. */
export function kafkaReport({ cases, repetitions, compared, memory, machine }: KafkaFigures): string {
  const rows = [...new Set(cases.map(({ members }) => members))].map((members) => rateRow(cases, members));
  const names = [...new Set(cases.map(({ name }) => name))];
  const peers = names.filter((name) => name !== OURS && name !== LOOP);
  const head = ["members", OURS, ...peers, LOOP, "ratio to Python", "aim", "part of the loop", "aim"];
  const text = `Medians of ${repetitions} runs each, in turn. ${
    count(compared)
  } answers of each were compared first.`;
  return [
    `Records per second:\n\n${table(head, rows)}`,
    text,
    ...settings(cases),
    ...memoryLine(memory),
    Object.entries(machine).map(([name, value]) => `- ${name}: ${value}`).join("\n"),
  ].join("\n\n");
}

function rateRow(cases: readonly KafkaCase[], members: number): string[] {
  const row = cases.filter((each) => each.members === members);
  const rateOf = (name: string) => row.find((each) => each.name === name)?.perSecond.median;
  const [ours, loop] = [rateOf(OURS), rateOf(LOOP)];
  const peers = row.filter(({ name }) => name !== OURS && name !== LOOP);
  const best = peers.length === 0 ? undefined : Math.max(...peers.map(({ perSecond }) => perSecond.median));
  return [
    String(members),
    ours === undefined ? "-" : count(ours),
    ...peers.map(({ perSecond }) => count(perSecond.median)),
    loop === undefined ? "-" : count(loop),
    ...ratio(ours, best, { least: LEAST_OF_PEER, show: (value) => `${value.toFixed(2)}x` }),
    ...ratio(ours, loop, { least: LEAST_OF_LOOP, show: (value) => `${(100 * value).toFixed(0)} %` }),
  ];
}

function ratio(
  ours: number | undefined,
  other: number | undefined,
  { least, show }: { least: number; show: (value: number) => string },
): [text: string, aim: string] {
  if (ours === undefined || other === undefined) return ["-", ""];
  const value = ours / other;
  return [show(value), `at least ${show(least)}: ${value >= least ? "reached" : "MISSED"}`];
}

function settings(cases: readonly KafkaCase[]): string[] {
  const lines = cases.map(({ name, members, rows, setting, perSecond, twice }) => {
    const range = `${count(perSecond.least)} to ${count(perSecond.most)}`;
    return [`${name}, ${members}`, count(rows), setting, range, count(twice)];
  });
  const head = ["members", "records", "batch size", "slowest and fastest run", "at most twice"];
  return [`### What each run was\n\n${table(head, lines)}`];
}

function memoryLine(memory: KafkaMemory | undefined): string[] {
  if (memory === undefined) return [];
  const { metric, rows, peakBytes, growthBytes } = memory;
  return [
    `Memory of one member over ${count(rows)} records (${metric} of all its processes): peak ${
      megabytes(peakBytes)
    }, ` +
    `growth over the second half ${megabytes(growthBytes)}.`,
  ];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Three digits are what such measurements are good for. */
function count(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en-US");
}
