import type { KafkaWitness } from "../../tests/helpers/kafka_witness.ts";
import { isSameAnswer } from "./compare_answers.ts";
import type { KafkaContestant } from "./kafka_contestants.ts";
import { type MemorySample, MemorySampler } from "./process_memory.ts";
import { ServerProcess } from "./server_process.ts";
import { type Spread, spreadOf } from "./statistics.ts";

export const PARTITIONS = 4;
export const MEMBERS = [1, 2] as const;
const LOOK_MS = 100;
const DEADLINE_MS = 300_000;

/** What a measurement needs. */
export interface KafkaJob {
  readonly address: string;
  readonly witness: KafkaWitness;
  /** The file of events, one a line. */
  readonly events: string;
  /** The answer to each of them. */
  readonly expected: readonly string[];
  readonly rows: number;
  /** Of these all answers are compared. */
  readonly compared: number;
  readonly repetitions: number;
}

/** One contestant with so many members. */
export interface KafkaCase {
  readonly name: string;
  readonly members: number;
  readonly rows: number;
  readonly perSecond: Spread;
  /** Answers that came more than once, at most. */
  readonly twice: number;
  readonly setting: string;
}

/** A contestant that takes part, with the setting that suits it best for a number of members. */
interface Entrant {
  readonly contestant: KafkaContestant;
  readonly members: number;
  readonly setting: string;
  readonly rows: number;
  readonly rates: number[];
  twice: number;
}

let topics = 0;

/**
 * Compares the answers of all contestants with those expected, then runs one after the other.
 *
 * @throws {Error} naming the contestant and the event whose answer is another.
 */
export async function measureKafka(
  contestants: readonly KafkaContestant[],
  job: KafkaJob,
): Promise<KafkaCase[]> {
  const entrants: Entrant[] = [];
  for (const contestant of contestants) {
    const rows = Math.round(job.rows * contestant.share);
    for (const members of MEMBERS) {
      const setting = await bestSetting({ contestant, members, rows }, job);
      entrants.push({ contestant, members, setting, rows, rates: [], twice: 0 });
    }
  }
  for (let repetition = 0; repetition < job.repetitions; repetition++) {
    for (const entrant of entrants) {
      const { perSecond, twice } = await runThrough(entrant, job);
      entrant.rates.push(perSecond);
      entrant.twice = Math.max(entrant.twice, twice);
    }
  }
  return entrants.map(({ contestant, members, rows, rates, twice, setting }) => {
    return { name: contestant.name, members, rows, perSecond: spreadOf(rates), twice, setting };
  });
}

/** Memory of one member that runs through all rows. */
export async function memoryOfMember(
  contestant: KafkaContestant,
  metric: "PSS" | "RSS",
  { setting, ...job }: KafkaJob & { readonly setting: string },
): Promise<MemorySample[]> {
  const { memory } = await runThrough({ contestant, members: 1, setting, rows: job.rows }, job, {
    metric,
  });
  return memory;
}

/** Compares the answers with each setting, then answers that with which a group is fastest. */
async function bestSetting(
  entrant: Pick<Entrant, "contestant" | "members" | "rows">,
  job: KafkaJob,
): Promise<string> {
  let [best, most] = ["", 0];
  for (const setting of entrant.contestant.settings) {
    await runThrough({ ...entrant, setting, rows: job.compared }, job, { compares: true });
    const { perSecond } = await runThrough({ ...entrant, setting }, job);
    if (perSecond > most) [best, most] = [setting, perSecond];
  }
  return best;
}

interface RunThrough {
  readonly perSecond: number;
  readonly twice: number;
  readonly memory: MemorySample[];
}

/** What one run is made of. */
interface Run extends Pick<Entrant, "contestant" | "members" | "setting" | "rows"> {
  readonly from: string;
  readonly to: string;
  readonly group: string;
}

/** Has a group read a topic and looks at how the output grew. */
async function runThrough(
  entrant: Pick<Entrant, "contestant" | "members" | "setting" | "rows">,
  job: KafkaJob,
  { compares = false, metric }: { compares?: boolean; metric?: "PSS" | "RSS" } = {},
): Promise<RunThrough> {
  const { witness, events } = job;
  const number = ++topics;
  const run = { ...entrant, from: `events-${number}`, to: `answers-${number}`, group: `group-${number}` };
  const { contestant, rows, from, to } = run;
  await witness.create(from, PARTITIONS);
  await witness.create(to, PARTITIONS, { "message.timestamp.type": "LogAppendTime" });
  await witness.fill(from, events, rows);
  const measured = await untilCommitted(run, job, metric);
  if (compares) await compare(contestant, to, job);
  const { records, keys, last } = await witness.pace(to);
  for (const topic of [from, to]) await witness.drop(topic);
  if (keys !== rows) throw new Error(`${contestant.name} must answer ${rows} events: it answered ${keys}`);
  const seconds = (last - measured.released) / 1000;
  return { ...measured, perSecond: rows / seconds, twice: records - keys };
}

/** Starts all members, releases the events once each has its partitions, and waits until all is committed. */
async function untilCommitted(
  run: Run,
  job: KafkaJob,
  metric: "PSS" | "RSS" | undefined,
): Promise<{ released: number; memory: MemorySample[] }> {
  const { contestant, members, setting, from, group, rows } = run;
  const { witness } = job;
  const command = contestant.command({ ...run, address: job.address }, setting);
  await using stack = new AsyncDisposableStack();
  const servers = Array.from({ length: members }, () => stack.use(new ServerProcess(command)));
  const until = performance.now() + DEADLINE_MS;
  const wait = async (isDone: () => Promise<boolean>) => {
    while (!await isDone()) {
      const ended = servers.some(({ hasEnded }) => hasEnded);
      if (ended || performance.now() > until) {
        throw new Error(`${contestant.name} must read ${rows} records: ${servers.map(({ text }) => text)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };
  await wait(async () => {
    const found = await witness.members(group);
    return found.length === members && found.every((count) => count === PARTITIONS / members);
  });
  const [first] = servers;
  const sampler = metric === undefined || first === undefined
    ? undefined
    : new MemorySampler(first.pid, metric);
  const sampling = sampler?.run();
  try {
    const released = Date.now();
    await witness.release(from);
    await wait(async () => (await witness.committed(group, from)).every((each) => each >= rows / PARTITIONS));
    return { released, memory: sampler?.samples ?? [] };
  } finally {
    sampler?.stop();
    await sampling;
  }
}

async function compare({ name, hasModel }: KafkaContestant, to: string, job: KafkaJob): Promise<void> {
  const { witness, events, expected } = job;
  const wanted = hasModel ? expected : (await Deno.readTextFile(events)).trimEnd().split("\n");
  for (const { key, value } of await witness.read(to)) {
    const want = wanted[Number(key) % wanted.length] ?? "";
    if (value === want || isSameAnswer(JSON.parse(value ?? ""), JSON.parse(want))) continue;
    throw new Error(`${name} must answer event ${key} with ${want}: it says ${value}`);
  }
}
