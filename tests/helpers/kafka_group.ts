/** Runs that are members of one consumer group, and what came of them. */
import { join } from "node:path";
import { backendWith } from "./backend_project.ts";
import { fresh, type Kafka } from "./kafka.ts";
import { type NewRecord, sum } from "./kafka_witness.ts";
import { PackflowRun, type Program } from "./packflow_run.ts";
import { type ProjectFixture, writeProject } from "./project_fixture.ts";

const DEADLINE_MS = 90_000;

/** From a topic to another one, each with so many partitions. */
export class KafkaGroup implements AsyncDisposable {
  readonly from: string;
  readonly to: string;
  readonly group: string;
  /** All members that were ever started. */
  readonly runs: PackflowRun[] = [];
  readonly #kafka: Kafka;
  readonly #project: ProjectFixture;

  private constructor(kafka: Kafka, project: ProjectFixture) {
    this.#kafka = kafka;
    this.#project = project;
    this.from = fresh("in");
    this.to = fresh("out");
    this.group = `${this.from}-group`;
  }

  /** Makes both topics and a project whose `execute` has this body, and produces records. */
  static async of(
    kafka: Kafka,
    records: readonly NewRecord[],
    { body = "return events;", partitions = 4 }: { body?: string; partitions?: number } = {},
  ): Promise<KafkaGroup> {
    const project = await writeProject({
      "project/packflow.jsonc": '{ "name": "project" }',
      "project/inference.ts": backendWith(body).replace("execute(", "async execute("),
    });
    const group = new KafkaGroup(kafka, project);
    for (const topic of [group.from, group.to]) await kafka.witness.create(topic, partitions);
    await kafka.witness.produce(group.from, records, { partitioner: "murmur2_random" });
    return group;
  }

  get folder(): string {
    return this.#project.folder;
  }

  /** The address of its input; options are joined by "&". */
  input(more = ""): string {
    return `kafka://${this.#kafka.broker.address()}/${this.from}?group=${this.group}${more}`;
  }

  get output(): string {
    return `kafka://${this.#kafka.broker.address()}/${this.to}`;
  }

  /** Starts a member. */
  start(
    program: Program,
    more: readonly string[] = [],
    { options = "", output = this.output }: { options?: string; output?: string } = {},
  ): PackflowRun {
    const ends = ["--input", this.input(options), "--output", output];
    const usual = [
      "--workers",
      "1",
      "--batch-size",
      "32",
      "--checkpoint-interval",
      "200",
      "--summary",
      "json",
    ];
    const run = new PackflowRun(program, [join(this.folder, "project"), ...ends, ...usual, ...more]);
    this.runs.push(run);
    // a run that should end but does not fails its test
    const late = setTimeout(() => run.signal("SIGKILL"), DEADLINE_MS);
    run.ended.then(() => clearTimeout(late));
    return run;
  }

  /** How many records the group has done with. */
  async committed(): Promise<number> {
    return sum(await this.#kafka.witness.committed(this.group, this.from));
  }

  /** How many answers there are. */
  async written(): Promise<number> {
    return await this.#kafka.witness.size(this.to);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const run of this.runs) await run[Symbol.asyncDispose]();
    await this.#project[Symbol.asyncDispose]();
  }
}

/** Records with the ids from 0, each its own key. */
export function numbered(count: number, from = 0): NewRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const id = from + index;
    return { key: `k${id}`, value: `{"id":${id}}` };
  });
}

/** What the answers of events with the ids from 0 to `count` say of them. */
export interface Tally {
  readonly lost: number;
  readonly twice: number;
  /** Answers whose event comes before that of an earlier answer, second ones aside. */
  readonly disordered: number;
}

/** Counts answers, one list of ids for each partition. */
export function tally(count: number, partitions: readonly (readonly number[])[]): Tally {
  const seen = new Set<number>();
  let twice = 0;
  let disordered = 0;
  for (const ids of partitions) {
    let last = -1;
    for (const id of ids) {
      if (seen.has(id)) {
        twice++;
        continue;
      }
      seen.add(id);
      if (id < last) disordered++;
      last = id;
    }
  }
  const lost = Array.from({ length: count }, (_, id) => id).filter((id) => !seen.has(id)).length;
  return { lost, twice, disordered };
}
