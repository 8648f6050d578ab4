/** Topics of a real Apache Kafka as input and output, as users meet them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { freePort } from "../../scripts/bench/server_process.ts";
import { KAFKA_USER } from "../../scripts/kafka/kafka_settings.ts";
import { backendWith } from "../helpers/backend_project.ts";
import { fresh, type Kafka, kafkaTests, until } from "../helpers/kafka.ts";
import { type NewRecord, sum, type TopicRecord } from "../helpers/kafka_witness.ts";
import { packflowTests, testFromSource } from "../helpers/packflow.ts";
import { PackflowRun, programs } from "../helpers/packflow_run.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

/** Says where a record came from. */
const ORIGIN = "packflow.origin";
const PARTITIONS = 4;

const test = await packflowTests();
const hosts = await programs();

await kafkaTests({ tls: true }, (kafka) => {
  topicTests(kafka);
  fileTests(kafka);
  deadLetterTests(kafka);
  securityTests(kafka);
  refusalTests(kafka);
  signalTests(kafka);
});

/** A project that doubles `x` into `y`. */
async function writeDouble(folder: string): Promise<void> {
  await Deno.mkdir(join(folder, "double"));
  await Deno.writeTextFile(join(folder, "double/packflow.jsonc"), '{ "name": "double" }');
  const code = backendWith(`return events.map(({ x }) => {
      if (typeof x !== "number") throw new TypeError("x must be a number");
      return { y: 2 * x };
    });`);
  await Deno.writeTextFile(join(folder, "double/inference.ts"), code);
}

function events(count: number, more: (x: number) => Partial<NewRecord> = () => ({})): NewRecord[] {
  return Array.from({ length: count }, (_, x) => ({ value: `{"x":${x}}`, ...more(x) }));
}

function answers(count: number): string[] {
  return Array.from({ length: count }, (_, x) => `{"y":${2 * x}}`);
}

function valuesOf(records: readonly TopicRecord[]): (string | null)[] {
  return records.map(({ value }) => value);
}

/** The address of a topic that is read to where it ends now. */
function source(kafka: Kafka, topic: string, more = ""): string {
  return `kafka://${kafka.broker.address()}/${topic}?group=${topic}-group&until=end${more}`;
}

function sink(kafka: Kafka, topic: string, more = ""): string {
  return `kafka://${kafka.broker.address()}/${topic}${more}`;
}

const RUN = ["run", "double", "--workers", "1"];

function topicTests(kafka: Kafka): void {
  const { witness } = kafka;

  test(
    "topic to topic: answers carry key, headers, time and origin, and keys keep their order",
    async (packflow, cwd) => {
      await writeDouble(cwd);
      const [from, to, twin] = [fresh("in"), fresh("out"), fresh("twin")];
      for (const topic of [from, to, twin]) await witness.create(topic, PARTITIONS);
      const records = events(400, (x) => ({
        key: `sensor-${x % 7}`,
        timestamp: 1_700_000_000_000 + x,
        ...(x % 5 === 0 ? { headers: [["trace", `t${x}`], ["trace", "é"]] } : {}),
      }));
      await witness.produce(from, records, { partitioner: "murmur2_random" });
      const args = ["--input", source(kafka, from), "--output", sink(kafka, to), "--summary", "json"];
      await packflow.run([...RUN, ...args], { cwd });

      const read = await witness.read(from);
      const written = await witness.read(to);
      // the same keys in the same partitions, as every other client puts them
      assert.deepEqual(
        written.map((record) => [record.partition, record.key, record.timestamp, record.value]),
        read.map((record) => [
          record.partition,
          record.key,
          record.timestamp,
          `{"y":${2 * JSON.parse(record.value ?? "").x}}`,
        ]),
      );
      for (const [index, { headers }] of written.entries()) {
        const origin = read[index];
        assert.ok(origin !== undefined);
        assert.deepEqual(headers.filter(([name]) => name !== ORIGIN), origin.headers);
        const origins = headers.filter(([name]) => name === ORIGIN).map(([, value]) => value);
        assert.deepEqual(origins, [`${from}-${origin.partition}-${origin.offset}`]);
      }
      assert.deepEqual(await witness.committed(`${from}-group`, from), await witness.ends(from));

      // the group has it all: a second run has nothing to do
      await packflow.run([...RUN, ...args], { cwd });
      assert.equal(await witness.size(to), records.length);
    },
  );

  test(
    "what comes later is read later; a group of its own begins anew or at the end",
    async (packflow, cwd) => {
      await writeDouble(cwd);
      const topic = fresh("in");
      await witness.create(topic, 1);
      const run = async (more = "") =>
        (await packflow.run([...RUN, "--input", source(kafka, topic, more)], { cwd })).stdout.trimEnd();
      assert.equal(await run(), "", "an empty topic");
      await witness.produce(topic, events(2));
      assert.equal(await run(), '{"y":0}\n{"y":2}');
      await witness.produce(topic, events(1));
      assert.equal(await run(), '{"y":0}');
      const all = '{"y":0}\n{"y":2}\n{"y":0}\n';
      for (const [from, expected] of [["latest", ""], ["earliest", all]] as const) {
        const input =
          `kafka://${kafka.broker.address()}/${topic}?group=${topic}-${from}&from=${from}&until=end`;
        assert.equal((await packflow.run([...RUN, "--input", input], { cwd })).stdout, expected);
      }
    },
  );

  test("tombstones are skipped, passed on or refused", async (packflow, cwd) => {
    await writeDouble(cwd);
    const from = fresh("in");
    await witness.create(from, 1);
    await witness.produce(from, [{ value: '{"x":1}', key: "a" }, { value: null, key: "b" }, {
      value: '{"x":2}',
      key: "c",
    }]);
    const run = async (name: string) => {
      const to = fresh("out");
      await witness.create(to, 1);
      const address = `kafka://${kafka.broker.address()}/${from}?group=${to}&until=end`;
      const input = name === "" ? address : `${address}&tombstones=${name}`;
      const { code } = await packflow.run([...RUN, "--input", input, "--output", sink(kafka, to)], {
        cwd,
        code: "any",
      });
      return { code, records: (await witness.read(to)).map(({ key, value }) => [key, value]) };
    };
    const [first, second] = [["a", '{"y":2}'], ["c", '{"y":4}']];
    assert.deepEqual(await run(""), { code: 0, records: [first, second] });
    assert.deepEqual(await run("skip"), { code: 0, records: [first, second] });
    assert.deepEqual(await run("pass"), { code: 0, records: [first, ["b", null], second] });
    const failed = await run("fail");
    assert.notEqual(failed.code, 0);
    assert.deepEqual(failed.records, [first]);
  });

  test("records of an aborted transaction are none, in any compression", async (packflow, cwd) => {
    await writeDouble(cwd);
    const topic = fresh("in");
    await witness.create(topic, 1);
    await witness.transact(topic, [{ value: '{"x":1}' }], "commit");
    await witness.transact(topic, [{ value: '{"x":2}' }], "abort");
    for (const [index, type] of ["gzip", "snappy", "lz4", "zstd", "none"].entries()) {
      await witness.produce(topic, [{ value: `{"x":${10 + index}}` }], { "compression.type": type });
    }
    const { stdout } = await packflow.run([...RUN, "--input", source(kafka, topic)], { cwd });
    assert.equal(stdout, [1, 10, 11, 12, 13, 14].map((x) => `{"y":${2 * x}}\n`).join(""));
  });
}

function fileTests(kafka: Kafka): void {
  const { witness } = kafka;

  test("a file to a topic: without keys, or with a field for the key", async (packflow, cwd) => {
    await writeDouble(cwd);
    const lines = Array.from({ length: 50 }, (_, x) => `{"x":${x},"id":"n${x}"}\n`).join("");
    await Deno.writeTextFile(join(cwd, "in.ndjson"), lines);
    const [plain, keyed] = [fresh("out"), fresh("out")];
    for (const topic of [plain, keyed]) await witness.create(topic, PARTITIONS);
    const input = ["--input", "in.ndjson", "--keep", "id"];
    await packflow.run([...RUN, ...input, "--output", sink(kafka, plain)], { cwd });
    const records = await witness.read(plain);
    assert.equal(records.length, 50);
    assert.deepEqual(new Set(records.map(({ key }) => key)), new Set([null]));

    await packflow.run([...RUN, ...input, "--output", sink(kafka, keyed, "?key=id")], { cwd });
    const withKeys = await witness.read(keyed);
    assert.equal(withKeys.length, 50);
    for (const { key, value } of withKeys) assert.equal(key, JSON.parse(value ?? "").id);
    assert.ok(new Set(withKeys.map(({ partition }) => partition)).size > 1);
  });

  test("a topic to a file: it is added to, and a line that was torn is cut off", async (packflow, cwd) => {
    await writeDouble(cwd);
    const topic = fresh("in");
    await witness.create(topic, 1);
    await witness.produce(topic, events(3));
    const output = join(cwd, "out.ndjson");
    await Deno.writeTextFile(output, '{"y":"of before"}\n{"y":"to');
    const args = [...RUN, "--input", source(kafka, topic), "--output", "out.ndjson"];
    await packflow.run(args, { cwd });
    const lines = ['{"y":"of before"}', ...answers(3)];
    assert.equal(await Deno.readTextFile(output), lines.map((line) => `${line}\n`).join(""));
    await packflow.run(args, { cwd });
    assert.equal(await Deno.readTextFile(output), lines.map((line) => `${line}\n`).join(""));
  });
}

function deadLetterTests(kafka: Kafka): void {
  const { witness } = kafka;

  test(
    "a dead letter has the record's key and headers, its bytes, and says where it was",
    async (packflow, cwd) => {
      await writeDouble(cwd);
      const [from, to, dead] = [fresh("in"), fresh("out"), fresh("dead")];
      await witness.create(from, 2);
      for (const topic of [to, dead]) await witness.create(topic, 1);
      const bad = [
        { value: '{"x":"no"}', key: "b", partition: 1, headers: [["trace", "t1"]] as const },
        { value: "{not JSON\n", key: "c", partition: 1 },
        { value: "", partition: 1 },
      ];
      await witness.produce(from, [{ value: '{"x":1}', key: "a", partition: 1 }, ...bad]);
      const args = ["--input", source(kafka, from), "--output", sink(kafka, to), "--on-error", "skip"];
      const { code, stderr } = await packflow.run([...RUN, ...args, "--dead-letter", sink(kafka, dead)], {
        cwd,
        code: "any",
      });
      assert.ok(code === 0 || code === 3, stderr);
      assert.deepEqual(valuesOf(await witness.read(to)), ['{"y":2}']);
      const letters = await witness.read(dead);
      assert.deepEqual(letters.map(({ key }) => key), ["b", "c", null]);
      assert.deepEqual(letters[0]?.headers.filter(([name]) => name !== ORIGIN), [["trace", "t1"]]);
      for (const [index, { value }] of letters.entries()) {
        const letter = JSON.parse(value ?? "");
        assert.match(JSON.stringify(letter), new RegExp(`"${from}".*`));
        const { topic, partition, offset } = letter.source;
        assert.deepEqual({ topic, partition, offset }, { topic: from, partition: 1, offset: index + 1 });
      }
      assert.deepEqual(await witness.committed(`${from}-group`, from), [0, 4]);
    },
  );
}

function securityTests(kafka: Kafka): void {
  const { broker, witness } = kafka;
  const { username, password } = KAFKA_USER;
  const ca = broker.certificates?.ca;
  const tls = { ca };
  const client = { ca, cert: broker.certificates?.clientCert, key: broker.certificates?.clientKey };
  const sasl = (mechanism: string) => ({ mechanism, username, password });

  test(
    "passwords and certificates from a file: PLAIN, SCRAM, TLS, a client's certificate",
    async (packflow, cwd) => {
      await writeDouble(cwd);
      const topic = fresh("in");
      await witness.create(topic, 1);
      await witness.produce(topic, events(1));
      const cases = [
        ["SASL", { sasl: sasl("PLAIN") }],
        ["SASL", { sasl: sasl("SCRAM-SHA-256") }],
        ["TLS", { tls }],
        ["MTLS", { tls: client }],
        ["SASLTLS", { tls, sasl: sasl("SCRAM-SHA-512") }],
      ] as const;
      for (const [index, [listener, config]] of cases.entries()) {
        const file = join(cwd, `kafka-${index}.jsonc`);
        await Deno.writeTextFile(file, `// ${listener}\n${JSON.stringify(config)}`);
        const address = `kafka://${broker.address(listener)}/${topic}`;
        const ends = ["--input", `${address}?group=${topic}-${index}&until=end`, "--output", address];
        // its answer is an event of the next run, which fails in it: only that the first one comes matters
        const { code, stderr } = await packflow.run(
          [...RUN, ...ends, "--kafka-config", file, "--on-error", "skip"],
          { cwd, code: "any" },
        );
        assert.ok(code === 0 || code === 3, `${listener} ${JSON.stringify(config)}: ${stderr}`);
        assert.equal(await witness.size(topic), index + 2);
      }
    },
  );

  test("a password from the environment; one that is wrong is never shown", async (packflow, cwd) => {
    await writeDouble(cwd);
    const topic = fresh("in");
    await witness.create(topic, 1);
    await witness.produce(topic, events(1));
    const input = `kafka://${broker.address("SASL")}/${topic}?group=${topic}-group&until=end`;
    const args = [...RUN, "--input", input];
    const env = { PACKFLOW_KAFKA_SASL_MECHANISM: "SCRAM-SHA-256", PACKFLOW_KAFKA_USERNAME: username };
    const good = await packflow.run(args, { cwd, env: { ...env, PACKFLOW_KAFKA_PASSWORD: password } });
    assert.equal(good.stdout, '{"y":0}\n');
    for (const mechanism of ["PLAIN", "SCRAM-SHA-256"]) {
      const { code, stdout, stderr } = await packflow.run(args, {
        cwd,
        env: { ...env, PACKFLOW_KAFKA_SASL_MECHANISM: mechanism, PACKFLOW_KAFKA_PASSWORD: "not-this-one" },
        code: "any",
      });
      assert.deepEqual([code, stdout], [6, ""], stderr);
      assert.match(stderr, /Authentication failed/);
      assert.ok(!stderr.includes("not-this-one"), stderr);
    }
  });

  test("a broker whose certificate nobody vouches for is refused", async (packflow, cwd) => {
    await writeDouble(cwd);
    const topic = fresh("in");
    await witness.create(topic, 1);
    const input = `kafka://${broker.address("TLS")}/${topic}?group=${topic}-group&until=end`;
    const configs = [{ tls: {} }, { tls: { ca: broker.certificates?.otherCa } }];
    // at once, as older runtimes do not tell why a connection ends, so that it is tried for a while
    await Promise.all(configs.map(async (config, index) => {
      const file = join(cwd, `kafka-${index}.jsonc`);
      await Deno.writeTextFile(file, JSON.stringify(config));
      const args = [...RUN, "--input", input, "--kafka-config", file];
      const { stderr } = await packflow.run(args, { cwd, code: 6 });
      assert.match(stderr, /certificate/i);
    }));
  });
}

function refusalTests(kafka: Kafka): void {
  const { broker, witness } = kafka;

  test(
    "what cannot be meant is refused before anything runs, and says what could be",
    async (packflow, cwd) => {
      await writeDouble(cwd);
      const host = broker.address();
      const cases = [
        [`kafka://${host}/topic`, /group/],
        [`kafka://${host}/topic?group=g&form=latest`, /"form".*"from"/s],
        [`kafka://${host}/topic?group=g&from=middle`, /earliest/],
        [`kafka://alice:secret@${host}/topic?group=g`, /--kafka-config|PACKFLOW_KAFKA/],
        [`kafka://${host}/?group=g`, /topic/],
        [`kafka:///topic?group=g`, /host/i],
        [`kafka://${host}/topic?group=g&key=id`, /key/],
      ] as const;
      for (const [input, expected] of cases) {
        const { code, stderr } = await packflow.run([...RUN, "--input", input], { cwd, code: "any" });
        assert.equal(code, 2, `${input}: ${stderr}`);
        assert.match(stderr, expected);
        assert.ok(!stderr.includes("secret"), stderr);
      }
      await Deno.writeTextFile(join(cwd, "in.ndjson"), '{"x":1}\n');
      const output = ["--input", "in.ndjson", "--output", `kafka://${host}/topic`];
      const { stderr } = await packflow.run([...RUN, ...output, "--output-format", "csv"], { cwd, code: 2 });
      assert.match(stderr, /NDJSON/);
    },
  );

  test("a topic that is not there is told by name, and nothing is committed", async (packflow, cwd) => {
    await writeDouble(cwd);
    const [topic, missing] = [fresh("in"), fresh("missing")];
    await witness.create(topic, 1);
    await witness.produce(topic, events(1));
    const input = ["--input", source(kafka, topic)];
    for (
      const args of [
        ["--input", source(kafka, missing)],
        [...input, "--output", sink(kafka, missing)],
        [...input, "--dead-letter", sink(kafka, missing)],
      ]
    ) {
      const { code, stderr } = await packflow.run([...RUN, ...args], { cwd, code: "any" });
      assert.equal(code, 6, `${args}: ${stderr}`);
      assert.ok(stderr.includes(`"${missing}"`), stderr);
    }
    assert.deepEqual(await witness.committed(`${topic}-group`, topic), [0]);
  });

  // from source only: it takes as long as a cluster may take to be reached
  testFromSource("a broker that is not there is told by its address", async (packflow, cwd) => {
    await writeDouble(cwd);
    const nobody = `127.0.0.1:${freePort()}`;
    const input = ["--input", `kafka://${nobody}/topic?group=g`];
    const { stderr } = await packflow.run([...RUN, ...input], { cwd, code: 6 });
    assert.ok(stderr.includes(nobody), stderr);
  });
}

function signalTests({ broker, witness }: Kafka): void {
  for (const program of hosts) {
    Deno.test(`${program.name}: SIGTERM writes and commits what was read, and leaves the group`, async () => {
      const [from, to] = [fresh("in"), fresh("out")];
      for (const topic of [from, to]) await witness.create(topic, PARTITIONS);
      await using folder = await tempFolder();
      await writeDouble(folder.path);
      const group = `${from}-group`;
      await witness.produce(from, events(1000, (x) => ({ key: String(x) })));
      const input = ["--input", `kafka://${broker.address()}/${from}?group=${group}`];
      const output = ["--output", `kafka://${broker.address()}/${to}`];
      const args = [join(folder.path, "double"), ...input, ...output, "--summary", "json"];
      await using run = new PackflowRun(program, args);
      const late = setTimeout(() => run.signal("SIGKILL"), 60_000);
      await until(() => witness.size(to), (size) => size >= 1000, { what: "all answers" });
      run.signal("SIGTERM");
      const { code, summary, errors } = await run.finish();
      clearTimeout(late);
      assert.deepEqual([code, summary.outcome, summary.written], [0, "drained", 1000], errors);
      assert.equal(sum(await witness.committed(group, from)), 1000);
      assert.deepEqual(await witness.members(group), []);
    });
  }
}
