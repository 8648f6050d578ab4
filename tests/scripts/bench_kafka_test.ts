import assert from "node:assert/strict";
import { packflowMember } from "../../scripts/bench/kafka_contestants.ts";
import { type KafkaFigures, kafkaReport } from "../../scripts/bench/kafka_report.ts";
import { replaceMarked } from "../../scripts/bench/markdown.ts";
import { PackflowProgram } from "../../scripts/bench/packflow_program.ts";
import { freePorts } from "../../scripts/kafka/free_ports.ts";
import { listenersOf, scramArguments, serverProperties } from "../../scripts/kafka/kafka_settings.ts";
import { tally } from "../helpers/kafka_group.ts";

function kafkaCase(name: string, members: number, rate: number) {
  const perSecond = { median: rate, least: rate / 2, most: rate * 2 };
  return { name, members, rows: 1000, perSecond, twice: members - 1, setting: "256" };
}

const PYTHON = "Python packflow and confluent-kafka";
const FIGURES: KafkaFigures = {
  cases: [
    kafkaCase("Packflow", 1, 60_000),
    kafkaCase("Packflow", 2, 50_000),
    kafkaCase("loop without a model", 1, 100_000),
    kafkaCase("loop without a model", 2, 100_000),
    kafkaCase(PYTHON, 1, 20_000),
    kafkaCase(PYTHON, 2, 20_000),
  ],
  repetitions: 3,
  compared: 500,
  memory: { metric: "PSS", rows: 1000, peakBytes: 3e8, growthBytes: 2e6 },
  machine: { CPU: "Test, 2 cores" },
};

Deno.test("kafkaReport sets us against Python and against the loop, and says which aims are reached", () => {
  const text = kafkaReport(FIGURES);
  for (
    const line of [
      "| 1 | 60,000 | 20,000 | 100,000 | 3.00x | at least 3.00x: reached | 60 % | at least 60 %: reached |",
      "| 2 | 50,000 | 20,000 | 100,000 | 2.50x | at least 3.00x: MISSED | 50 % | at least 60 %: MISSED |",
      "| Packflow, 2 | 1,000 | 256 | 25,000 to 100,000 | 1 |",
      "peak 300.0 MB, growth over the second half 2.0 MB",
      "- CPU: Test, 2 cores",
    ]
  ) assert.ok(text.includes(line), `${line} in\n${text}`);
});

Deno.test("kafkaReport without a peer has no ratio to it", () => {
  const text = kafkaReport({ ...FIGURES, cases: FIGURES.cases.filter(({ name }) => name !== PYTHON) });
  assert.match(text, /\| 1 \| 60,000 \| 100,000 \| - \| {2}\| 60 % \|/);
});

Deno.test("docs/performance.md has the place for figures of Kafka", async () => {
  const document = await Deno.readTextFile(new URL("../../docs/performance.md", import.meta.url));
  assert.match(replaceMarked(document, "kafka", "HERE"), /\n\nHERE\n\n/);
});

Deno.test("members share the cores out among their workers", async () => {
  const program = await PackflowProgram.find("/", { fromSource: true });
  const workload = { name: "", title: "", project: "p", peer: { script: "", args: [] }, events: "", rows: 0 };
  const member = packflowMember(program, workload);
  const place = { address: "h:1", group: "g", from: "a", to: "b" };
  const { args } = member.command({ ...place, members: 1000 }, "256");
  assert.deepEqual(args.slice(-4), ["--batch-size", "256", "--workers", "1"]);
  assert.ok(args.includes("kafka://h:1/a?group=g") && args.includes("kafka://h:1/b"));
});

Deno.test("a broker listens with TLS only if it has certificates, and on different free ports", () => {
  const ports = freePorts();
  assert.equal(new Set(Object.values(ports)).size, Object.keys(ports).length);
  const plain = serverProperties({ ports, folder: "/data" });
  assert.deepEqual(listenersOf({}), ["PLAINTEXT", "SASL"]);
  assert.ok(plain.includes(`PLAINTEXT://127.0.0.1:${ports.PLAINTEXT}`) && !plain.includes("SSL"));
  const tls = { broker: "/b.pem", ca: "/ca.crt" };
  const all = serverProperties({ ports, folder: "/data", tls, extra: { "num.partitions": "7" } });
  assert.ok(all.includes(`MTLS://127.0.0.1:${ports.MTLS}`), all);
  assert.match(all, /^listener\.name\.mtls\.ssl\.client\.auth=required$/m);
  assert.match(all, /^num\.partitions=7$/m);
  assert.equal(scramArguments().filter((each) => each === "--add-scram").length, 2);
});

Deno.test("tally counts what is lost, what comes twice and what is out of order", () => {
  assert.deepEqual(tally(4, [[0, 2], [1, 3]]), { lost: 0, twice: 0, disordered: 0 });
  assert.deepEqual(tally(5, [[0, 2, 0, 2, 4], [3, 1]]), { lost: 0, twice: 2, disordered: 1 });
  assert.deepEqual(tally(3, [[2, 2]]), { lost: 2, twice: 1, disordered: 0 });
});
