/** Members of a consumer group that are killed, come and go, and brokers that do, with a real Apache Kafka. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { KafkaBroker } from "../../scripts/kafka/kafka_broker_process.ts";
import { figure, randomFrom } from "../helpers/echo_run.ts";
import { fresh, type Kafka, kafkaTests, until } from "../helpers/kafka.ts";
import { KafkaGroup, numbered, type Tally, tally } from "../helpers/kafka_group.ts";
import { KafkaWitness, witnessPython } from "../helpers/kafka_witness.ts";
import { type PackflowRun, type Program, programs } from "../helpers/packflow_run.ts";

const KILLS = 20;
const EVENTS = 10_000;
const FILE_KILLS = 5;
const FILE_EVENTS = 2000;
const OUTAGE_MS = 10_000;
/** Takes a millisecond for each event, and no processor. */
const SLOW = "await new Promise((resolve) => setTimeout(resolve, events.length)); return events;";

const hosts = await programs();

await kafkaTests({}, (kafka) => {
  nackTests(kafka);
  killTests(kafka);
  rebalanceTests(kafka);
  poisonTests(kafka);
  outageTests(kafka);
});

/** From source and compiled in turn, where there are both. */
function program(index: number): Program {
  const host = hosts[index % hosts.length];
  ok(host !== undefined);
  return host;
}

const HOSTS = hosts.map(({ name }) => name).join(", ");

/** Counts what is in the output topic. */
async function tallyOf({ witness }: Kafka, group: KafkaGroup, count: number): Promise<Tally> {
  const records = await witness.read(group.to);
  const partitions = Map.groupBy(records, ({ partition }) => partition).values();
  return tally(
    count,
    [...partitions].map((each) => each.map(({ value }) => Number(JSON.parse(value ?? "").id))),
  );
}

/** Ends members as an operator does; each must end well. */
async function stop(...runs: readonly PackflowRun[]): Promise<void> {
  for (const run of runs) run.signal("SIGTERM");
  for (const run of runs) {
    const { code, errors } = await run.finish();
    strictEqual(code, 0, errors);
  }
}

function nackTests(kafka: Kafka): void {
  const { witness } = kafka;
  const big = "x".repeat(600);
  const letters = ["A", "B", "C", "D", "E"].map((id) => {
    return { key: id, value: JSON.stringify({ id, filler: "CE".includes(id) ? big : "" }) };
  });
  /** What each way of failing at C and E is, and what mends it. */
  const ways = [
    {
      name: "the backend",
      args: [],
      body: 'if (events.some(({ id }) => id === "C" || id === "E")) throw new Error("no");',
    },
    { name: "the output", args: [], body: "", small: "to" },
    {
      name: "the dead letters",
      args: ["--on-error", "skip"],
      body: 'if (events.some(({ id }) => id === "C")) throw new Error("no");',
      small: "dead",
    },
  ] as const;

  Deno.test("K1: when C and E of A to E are refused, C, D and E come again after a restart", async () => {
    let good = 0;
    for (const [index, { name, args, body, ...way }] of ways.entries()) {
      await using group = await KafkaGroup.of(kafka, letters, {
        body: `${body} return events;`,
        partitions: 1,
      });
      const dead = fresh("dead");
      await witness.create(dead, 1);
      const small = "small" in way ? { to: group.to, dead }[way.small] : undefined;
      if (small !== undefined) await witness.configure(small, { "max.message.bytes": "500" });
      const address = group.output.replace(group.to, dead);
      const usual = ["--batch-size", "1", "--dead-letter", address, ...args];
      const first = await group.start(program(index), usual).finish();
      deepStrictEqual([first.code === 0, first.signal], [false, null], `${name}: ${first.errors}`);
      const committed = await group.committed();
      ok(committed <= 2, `${name}: committed ${committed}`);

      if (small !== undefined) await witness.configure(small, { "max.message.bytes": "1000000" });
      const before = (await witness.read(group.to)).length;
      await Deno.writeTextFile(
        join(group.folder, "project/inference.ts"),
        (await Deno.readTextFile(join(group.folder, "project/inference.ts"))).replace(body, ""),
      );
      const second = await group.start(program(index), usual, { options: "&until=end" }).finish();
      strictEqual(second.code, 0, `${name}: ${second.errors}`);
      const again = (await witness.read(group.to)).slice(before).map(({ key }) => key).join("");
      strictEqual(again, "ABCDE".slice(committed), name);
      strictEqual(await group.committed(), letters.length);
      good++;
    }
    figure(`K1 refused: ${good} of ${ways.length} ways to fail at C and E bring C, D and E again`);
  });
}

function killTests(kafka: Kafka): void {
  Deno.test(`K2: killed ${KILLS} times over ${EVENTS} records in 4 partitions, a group loses none`, async () => {
    await using group = await KafkaGroup.of(kafka, numbered(EVENTS), { body: SLOW });
    const random = randomFrom(2);
    const moments = Array.from({ length: KILLS }, () => 0.95 * random() * EVENTS).sort((a, b) => a - b);
    const members = [group.start(program(0)), group.start(program(1))];
    for (const [index, moment] of moments.entries()) {
      await until(() => group.written(), (size) => size >= moment, { what: `${moment} answers` });
      const [victim] = members.splice(index % 2, 1);
      victim?.signal("SIGKILL");
      strictEqual((await victim?.ended)?.signal, "SIGKILL", "it was over before it was killed");
      members.push(group.start(program(index)));
    }
    await until(() => group.committed(), (offset) => offset === EVENTS, { what: "all commits", seconds: 60 });
    await stop(...members);
    const { lost, twice, disordered } = await tallyOf(kafka, group, EVENTS);
    const percent = (100 * twice / EVENTS).toFixed(1);
    figure(
      `K2 kill -9, topic to topic: ${KILLS} kills of 2 members (${HOSTS}), ${EVENTS} records in 4 partitions, ` +
        `${lost} lost, ${twice} twice (${percent} %), ${disordered} out of order`,
    );
    deepStrictEqual([lost, disordered], [0, 0]);
  });

  Deno.test(`K2: killed ${FILE_KILLS} times, a run into a file loses none and tears no line`, async () => {
    await using group = await KafkaGroup.of(kafka, numbered(FILE_EVENTS), { body: SLOW });
    const output = join(group.folder, "out.ndjson");
    const ids = async () => {
      const text = await Deno.readTextFile(output).catch(() => "");
      return text.split("\n").slice(0, -1).map((line) => Number(JSON.parse(line).id));
    };
    for (let index = 0; index < FILE_KILLS; index++) {
      const run = group.start(program(index), [], { output });
      const moment = FILE_EVENTS * (index + 0.5) / (FILE_KILLS + 1);
      await until(async () => (await ids()).length, (size) => size >= moment, { what: `${moment} answers` });
      run.signal("SIGKILL");
      strictEqual((await run.ended).signal, "SIGKILL", "it was over before it was killed");
    }
    const run = group.start(program(0), [], { output });
    await until(() => group.committed(), (offset) => offset === FILE_EVENTS, { what: "all commits" });
    await stop(run);
    const { lost, twice } = tally(FILE_EVENTS, [await ids()]);
    figure(
      `K2 kill -9, topic to file: ${FILE_KILLS} kills (${HOSTS}), ${FILE_EVENTS} records in 4 partitions, ` +
        `${lost} lost, ${twice} twice`,
    );
    strictEqual(lost, 0);
  });
}

/** Keeps a group busy: there are always some records to be read. */
class Feeder {
  readonly #kafka: Kafka;
  readonly #group: KafkaGroup;
  readonly #feeding: Promise<void>;
  #count = 0;
  #isStopped = false;

  constructor(kafka: Kafka, group: KafkaGroup) {
    this.#kafka = kafka;
    this.#group = group;
    this.#feeding = this.#feed();
    this.#feeding.catch(() => this.#isStopped = true);
  }

  /** Waits for so many more answers. */
  async answers(more: number): Promise<void> {
    const before = await this.#group.written();
    await until(() => this.#group.written(), (size) => size >= before + more, { what: `${more} answers` });
  }

  /** How many records there are in the end. */
  async stop(): Promise<number> {
    this.#isStopped = true;
    await this.#feeding;
    return this.#count;
  }

  async #feed(): Promise<void> {
    while (!this.#isStopped) {
      if (this.#count - await this.#group.written() > 1000) continue;
      const config = { partitioner: "murmur2_random" };
      await this.#kafka.witness.produce(this.#group.from, numbered(500, this.#count), config);
      this.#count += 500;
    }
  }
}

function rebalanceTests(kafka: Kafka): void {
  const { witness } = kafka;
  for (const [index, protocol] of ["consumer", "classic"].entries()) {
    Deno.test(`K4: 2, 3, then 1 members while busy (${protocol}) lose none`, async () => {
      await using group = await KafkaGroup.of(kafka, [], { body: SLOW });
      const feeder = new Feeder(kafka, group);
      const options = `&protocol=${protocol}`;
      const start = (which: number) => group.start(program(index + which), [], { options });
      const [first, second] = [start(0), start(1)];
      const members = (sizes: string) =>
        until(
          async () => (await witness.members(group.group)).sort().join(" "),
          (found) => found === sizes,
          { what: `members with ${sizes} partitions` },
        );
      await members("2 2");
      await feeder.answers(400);
      const third = start(2);
      await members("1 1 2");
      await feeder.answers(400);
      await stop(second, third);
      await members("4");
      await feeder.answers(400);
      const count = await feeder.stop();
      await until(() => group.committed(), (offset) => offset === count, { what: "all commits" });
      await stop(first);
      const { lost, twice, disordered } = await tallyOf(kafka, group, count);
      figure(
        `K4 rebalance, ${protocol}: 2 -> 3 -> 1 members (${HOSTS}) over ${count} records, ${lost} lost, ` +
          `${twice} twice (${(100 * twice / count).toFixed(2)} %), ${disordered} out of order`,
      );
      deepStrictEqual([lost, disordered], [0, 0]);
      ok(twice < count / 100, `${twice} twice`);
    });
  }
}

function poisonTests(kafka: Kafka): void {
  const { witness } = kafka;
  const mebibyte = (id: number) => {
    const head = `{"id":${id},"filler":"`;
    return `${head}${"x".repeat(2 ** 20 - head.length - 2)}"}`;
  };
  const records = [
    { key: "good", value: '{"id":0}' },
    { key: "poison", value: '{"id":' },
    { key: "null", value: null },
    { key: "empty", value: "" },
    { key: "lines", value: '{\n"id":\n4}\n' },
    { key: "mebibyte", value: mebibyte(5) },
    { key: "huge", value: mebibyte(6).replace("xx", "xx".repeat(1000)) },
    { key: "last", value: '{"id":7}' },
  ];

  Deno.test("K6: poison, null, empty and huge records stop a run or go to the dead letters", async () => {
    const limit = ["--max-event-bytes", String(2 ** 20)];
    for (const [index, host] of hosts.entries()) {
      await using group = await KafkaGroup.of(kafka, records, { partitions: 1 });
      const stopped = await group.start(host, limit, { options: "&until=end" }).finish();
      ok(stopped.code !== 0, stopped.errors);
      ok(stopped.signal === null && await group.committed() <= 1, "only what comes before is done with");

      const dead = fresh("dead");
      await witness.create(dead, 1);
      const letters = ["--on-error", "skip", "--dead-letter", group.output.replace(group.to, dead)];
      const run = await group.start(host, [...limit, ...letters], { options: "&until=end" }).finish();
      ok(run.code === 0 || run.code === 3, run.errors);
      strictEqual(await group.committed(), records.length);
      const keysIn = async (topic: string) => (await witness.read(topic)).map(({ key }) => key);
      const keys = await keysIn(group.to);
      // the first one may have been written, but not committed, when the run was stopped
      deepStrictEqual(keys.slice(-4), ["good", "lines", "mebibyte", "last"]);
      deepStrictEqual(await keysIn(dead), ["poison", "empty", "huge"]);
      if (index > 0) continue;
      for (const type of ["gzip", "snappy", "lz4", "zstd"]) {
        await witness.produce(group.from, [{ key: type, value: mebibyte(8) }], { "compression.type": type });
      }
      strictEqual((await group.start(host, limit, { options: "&until=end" }).finish()).code, 0);
      deepStrictEqual((await keysIn(group.to)).slice(keys.length), ["gzip", "snappy", "lz4", "zstd"]);
    }
    figure(`K6 poison, null, empty, 1 MiB, too large, 4 compressions: as configured (${HOSTS})`);
  });
}

function outageTests(kafka: Kafka): void {
  const { broker } = kafka;
  const count = 3000;

  for (const [index, ends] of (["SIGTERM", "SIGKILL"] as const).entries()) {
    const what = ends === "SIGTERM" ? "restarted" : `gone for ${OUTAGE_MS / 1000} s`;
    Deno.test(`a broker that is ${what} costs no record, and runs go on by themselves`, async () => {
      await using group = await KafkaGroup.of(kafka, numbered(count), { body: SLOW });
      // compiled, where it can be, for the long one
      const run = group.start(program(index));
      const before = await until(() => group.written(), (size) => size >= 500, { what: "some answers" });
      ok(before < count, "no longer busy");
      await broker.down(ends);
      if (ends === "SIGKILL") await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
      await broker.up();
      const start = performance.now();
      await until(() => group.committed(), (offset) => offset === count, { what: "commits", seconds: 60 });
      const back = (performance.now() - start) / 1000;
      run.signal("SIGTERM");
      const { code, errors } = await run.finish();
      strictEqual(code, 0, errors);
      const { lost, twice, disordered } = await tallyOf(kafka, group, count);
      figure(
        `K outage, broker ${what} (${program(index).name}): ${lost} lost of ${count}, ${twice} twice, ` +
          `${count - before} done with ${back.toFixed(1)} s after its return`,
      );
      deepStrictEqual([lost, disordered], [0, 0]);
      const lines = errors.trimEnd().split("\n").filter((line) => !line.startsWith("{"));
      ok(lines.length <= 8, `too much is said of an outage:\n${errors}`);
    });
  }

  Deno.test("while the broker of the output is away nothing is committed, and nothing lost after", async () => {
    const python = await witnessPython();
    const other = await KafkaBroker.start();
    ok("python" in python && "address" in other);
    await using output = other;
    await using witness = new KafkaWitness(python.python, output.address());
    await using group = await KafkaGroup.of(kafka, numbered(count), { body: SLOW });
    await witness.create(group.to, 4);
    const run = group.start(program(1), [], { output: `kafka://${output.address()}/${group.to}` });
    await until(() => witness.size(group.to), (size) => size >= 300, { what: "some answers" });
    await output.down("SIGKILL");
    await run.hears("Cannot reach");
    const atOutage = await group.committed();
    let polls = 0;
    // as long as it takes to see it try in vain several times
    for (const end = performance.now() + 3000; performance.now() < end; polls++) {
      strictEqual(await group.committed(), atOutage);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await output.up();
    ok(await witness.size(group.to) >= atOutage, "committed what was never written");
    await until(() => group.committed(), (offset) => offset === count, { what: "all commits", seconds: 60 });
    await stop(run);
    const records = await witness.read(group.to);
    const ids = records.map(({ value }) => Number(JSON.parse(value ?? "").id));
    const { lost, twice } = tally(count, [ids]);
    figure(
      `K output away (${
        program(1).name
      }): ${polls} looks and no commit, ${lost} lost of ${count}, ${twice} twice`,
    );
    strictEqual(lost, 0);
  });
}
