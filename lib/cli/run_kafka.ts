import { PackflowError } from "../base/errors.ts";
import { systemClock } from "../host/clock.ts";
import type { KafkaFigures } from "../kafka/kafka_figures.ts";
import type { KafkaInput } from "../kafka/kafka_address.ts";
import type { KafkaSource } from "../kafka/kafka_source.ts";
import type { OpenedSource } from "../kafka/open_kafka.ts";
import { openAppendingSink } from "../stream/appending_sink.ts";
import { openSink, type Sink } from "../stream/sink.ts";
import type { RunSummary } from "../stream/run_summary.ts";
import type { RunKeeper } from "./run_keeper.ts";
import { isKafkaAddress, type RunOptions } from "./run_options.ts";

/** A sink that tells when what it took is kept for good. */
type SyncedSink = Sink & { sync(): Promise<void> };

/** What a run reads from topics or writes to them, and its other outputs. */
export interface KafkaFiles {
  readonly source: KafkaSource | undefined;
  readonly sink: Sink;
  readonly deadLetters: Sink | undefined;
  readonly keeper: RunKeeper;
  /** How far the run is in its topic, where it reads one. */
  readonly figures: (() => KafkaFigures) | undefined;
  /** Takes in that the run has been asked to stop. */
  stop(): void;
  close(): Promise<void>;
}

/**
 * Opens the topics of a run. What is read from a topic is committed when the outputs have taken what came of it.
 *
 * @throws {PackflowError} `usage.invalid`, `source.*`, `sink.*`.
 */
export async function openKafkaFiles(options: RunOptions, inputs: readonly string[]): Promise<KafkaFiles> {
  const opener = new KafkaOpener(options, inputs);
  try {
    return await opener.open();
  } catch (error) {
    await opener.close();
    throw error;
  }
}

/** Opens one thing after another, and closes in the opposite order. */
class KafkaOpener {
  readonly #options: RunOptions;
  readonly #inputs: readonly string[];
  readonly #stop = new AbortController();
  readonly #closing: { close(): Promise<void> }[] = [];
  #input: { readonly asked: KafkaInput; readonly opened: OpenedSource } | undefined;

  constructor(options: RunOptions, inputs: readonly string[]) {
    this.#options = options;
    this.#inputs = inputs;
  }

  async open(): Promise<KafkaFiles> {
    const { output, deadLetter } = this.#options;
    const source = await this.#openSource();
    const sink = await this.#openSink(output, false);
    const deadLetters = deadLetter === undefined ? undefined : await this.#openSink(deadLetter, true);
    const sinks = deadLetters === undefined ? [sink] : [sink, deadLetters];
    return {
      source,
      sink,
      deadLetters,
      keeper: source === undefined ? syncsAtEnd(sinks) : await this.#commits(source, sinks),
      figures: source === undefined ? undefined : () => source.figures,
      stop: () => this.#stop.abort(),
      close: () => this.close(),
    };
  }

  async close(): Promise<void> {
    for (const each of this.#closing.splice(0).reverse()) await each.close();
  }

  async #openSource(): Promise<KafkaSource | undefined> {
    const [input] = this.#inputs;
    if (input === undefined || !isKafkaAddress(input)) return undefined;
    const [{ parseKafkaInput }, { openKafkaSource }] = await Promise.all([
      import("../kafka/kafka_address.ts"),
      import("../kafka/open_kafka.ts"),
    ]);
    const asked = parseKafkaInput(input);
    this.#checkOutputs(asked);
    const opened = await openKafkaSource(asked, await this.#opening());
    this.#input = { asked, opened };
    this.#closing.push(opened.source);
    return opened.source;
  }

  /** Mistakes in the outputs are told before a group is joined. */
  #checkOutputs({ tombstones, topic }: KafkaInput): void {
    const { output, partitionBy } = this.#options;
    if (tombstones !== "pass") return;
    const reason = !isKafkaAddress(output)
      ? "they need an output that is a topic"
      : partitionBy === undefined
      ? undefined
      : "--partition-by cannot keep their place";
    if (reason === undefined) return;
    throw new PackflowError(
      "usage.invalid",
      `Cannot pass records without a value of "${topic}" on as ${reason}`,
    );
  }

  async #openSink(address: string, isDead: boolean): Promise<SyncedSink> {
    const sink =
      await (isKafkaAddress(address) ? this.#openTopic(address, isDead) : this.#openFile(address, isDead));
    this.#closing.push(sink);
    return sink;
  }

  async #openTopic(address: string, isDead: boolean): Promise<SyncedSink> {
    const [{ parseKafkaDeadLetters, parseKafkaOutput }, { openKafkaSink }] = await Promise.all([
      import("../kafka/kafka_address.ts"),
      import("../kafka/open_kafka.ts"),
    ]);
    const asked = isDead ? parseKafkaDeadLetters(address) : parseKafkaOutput(address);
    const from = this.#input;
    return await openKafkaSink(asked, await this.#opening(), {
      input: from === undefined ? undefined : { ledger: from.opened.ledger, topic: from.asked.topic },
      passes: !isDead && from?.asked.tombstones === "pass",
    });
  }

  async #openFile(path: string, isDead: boolean): Promise<SyncedSink> {
    const used = [...this.#inputs, ...isDead ? [this.#options.output] : []].filter((each) =>
      !isKafkaAddress(each)
    );
    if (path !== "-" && this.#input !== undefined) return await openAppendingSink(path, used);
    return { ...await openSink(path, used), sync: () => Promise.resolve() };
  }

  async #opening() {
    const { readKafkaSecurity } = await import("../kafka/kafka_security.ts");
    return { security: await readKafkaSecurity(this.#options.kafkaConfig), signal: this.#stop.signal };
  }

  async #commits(source: KafkaSource, sinks: readonly SyncedSink[]): Promise<RunKeeper> {
    const { Committer } = await import("../kafka/committer.ts");
    const intervalMs = this.#options.checkpointInterval;
    const committer = new Committer({
      target: source,
      sinks,
      intervalMs,
      clock: systemClock,
      failed: (error) => source.fail(error),
    });
    source.start(() => committer.commit());
    return {
      at: (position) => committer.at(position),
      end: (summary) => committer.end(areSinksGood(summary)),
    };
  }
}

/** Whether what was written before the end may be said to be done: the run ended well, or over an event. */
function areSinksGood({ outcome, failure }: RunSummary): boolean {
  if (failure === undefined) return outcome !== "closed";
  return !/^(sink|source|internal)\./.test(failure.code);
}

/** Only when topics have taken all of it is a run complete. */
function syncsAtEnd(sinks: readonly SyncedSink[]): RunKeeper {
  return {
    at: () => Promise.resolve(),
    async end({ outcome }) {
      if (outcome === "closed") return;
      for (const sink of sinks) await sink.sync();
    },
  };
}
