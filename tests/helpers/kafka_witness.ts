/** What a test asks of a Kafka broker, through a client that has nothing in common with that of the product. */
import { join } from "node:path";
import { pythonEnvironment } from "../../scripts/python_environment.ts";

const DEADLINE_MS = 120_000;
const SCRIPT = join(import.meta.dirname ?? "", "kafka_witness.py");

/** A record to produce. */
export interface NewRecord {
  readonly value: string | null;
  readonly key?: string | null;
  readonly headers?: readonly (readonly [string, string])[];
  /** Milliseconds since 1970. */
  readonly timestamp?: number;
  readonly partition?: number;
}

/** A record as it lies in a topic. */
export interface TopicRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string])[];
  readonly timestamp: number;
}

/** What a topic was filled with. */
export interface Pace {
  readonly records: number;
  /** Different ones. */
  readonly keys: number;
  /** When the last one was appended, where the topic notes that: milliseconds since 1970. */
  readonly last: number;
}

/** Python with confluent-kafka, made if need be outside of the repository; or why there is none. */
export async function witnessPython(): Promise<{ readonly python: string } | { readonly missing: string }> {
  // test files run in parallel: the first one makes it, the others wait
  const lock = await Deno.open(join(await cacheFolder(), ".lock"), { create: true, write: true });
  using _lock = lock;
  await lock.lock(true);
  return await pythonEnvironment({ cache: CACHE, packages: ["confluent-kafka==2.16.1"] });
}

const CACHE = "packflow-kafka-witness";

async function cacheFolder(): Promise<string> {
  const base = Deno.env.get("XDG_CACHE_HOME") ?? join(Deno.env.get("HOME") ?? ".", ".cache");
  const folder = join(base, CACHE);
  await Deno.mkdir(folder, { recursive: true });
  return folder;
}

/** A process of its own that is asked one thing after the other. */
export class KafkaWitness implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #requests: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: ReadableStreamDefaultReader<string>;
  #rest = "";
  #last: Promise<unknown> = Promise.resolve();

  constructor(python: string, address: string) {
    this.#child = new Deno.Command(python, {
      args: [SCRIPT, address],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#requests = this.#child.stdin.getWriter();
    this.#answers = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Makes a topic and waits until it is there. */
  async create(topic: string, partitions = 1, config: Record<string, string> = {}): Promise<void> {
    await this.#ask("create", { topic, partitions, config });
  }

  async drop(topic: string): Promise<void> {
    await this.#ask("drop", { topic });
  }

  async configure(topic: string, config: Record<string, string>): Promise<void> {
    await this.#ask("configure", { topic, config });
  }

  /** Produces records; they are in the topic when this resolves. `config` is that of librdkafka. */
  async produce(
    topic: string,
    records: readonly NewRecord[],
    config: Record<string, string> = {},
  ): Promise<void> {
    await this.#ask("produce", { topic, records, config });
  }

  /** Produces records in a transaction of its own, and commits it or aborts it. */
  async transact(topic: string, records: readonly NewRecord[], end: "commit" | "abort"): Promise<void> {
    await this.#ask("transact", { topic, records, commit: end === "commit" });
  }

  /**
   * Produces the lines of a file again and again, with the numbers from 0 for keys, to all partitions in turn. Nobody
   * can read them before they are released.
   */
  async fill(topic: string, file: string, rows: number): Promise<void> {
    await this.#ask("fill", { topic, file, rows });
  }

  /** Lets the records of `fill` be read, all at once. */
  async release(topic: string): Promise<void> {
    await this.#ask("release", { topic });
  }

  /** All records, partition by partition, each in its order. */
  async read(topic: string): Promise<TopicRecord[]> {
    const records = await this.#ask<TopicRecord[]>("read", { topic });
    return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
  }

  /** How many records were ever put into each partition. */
  async ends(topic: string): Promise<number[]> {
    return await this.#ask("ends", { topic });
  }

  /** How many records were ever put into a topic. */
  async size(topic: string): Promise<number> {
    return sum(await this.ends(topic));
  }

  async pace(topic: string): Promise<Pace> {
    return await this.#ask("pace", { topic });
  }

  /** What a group has committed of each partition; 0 where it has not. */
  async committed(group: string, topic: string): Promise<number[]> {
    const offsets = await this.#ask<number[]>("committed", { group, topic });
    return offsets.map((offset) => Math.max(0, offset));
  }

  /** How many partitions each member of a group has at the moment. */
  async members(group: string): Promise<number[]> {
    return await this.#ask("members", { group });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last.catch(() => {});
    await this.#requests.close().catch(() => {});
    await this.#answers.cancel().catch(() => {});
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // it has ended
    }
    await this.#child.status;
  }

  async #ask<Result>(name: string, given: Record<string, unknown>): Promise<Result> {
    const answer = this.#last.catch(() => {}).then(() => this.#askNow(name, given));
    this.#last = answer;
    return await answer;
  }

  // deno-lint-ignore no-explicit-any
  async #askNow(name: string, given: Record<string, unknown>): Promise<any> {
    await this.#requests.write(new TextEncoder().encode(`${JSON.stringify({ do: name, with: given })}\n`));
    const late = setTimeout(() => this.#child.kill("SIGKILL"), DEADLINE_MS);
    try {
      const { result, error } = JSON.parse(await this.#readLine());
      if (error !== undefined) throw new Error(`Cannot ${name} in Kafka: ${error}`);
      return result;
    } finally {
      clearTimeout(late);
    }
  }

  async #readLine(): Promise<string> {
    while (!this.#rest.includes("\n")) {
      const { done, value } = await this.#answers.read();
      if (done) {
        const { code, signal } = await this.#child.status;
        throw new Error(`Cannot ask the witness of Kafka as it must answer: it ended with ${signal ?? code}`);
      }
      this.#rest += value;
    }
    const end = this.#rest.indexOf("\n");
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return line;
  }
}

/** The sum of numbers. */
export function sum(values: readonly number[]): number {
  return values.reduce((all, each) => all + each, 0);
}
