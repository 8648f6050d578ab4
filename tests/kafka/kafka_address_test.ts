import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { parseKafkaDeadLetters, parseKafkaInput, parseKafkaOutput } from "../../lib/kafka/kafka_address.ts";

function refusal(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    assert.ok(error instanceof PackflowError && error.code === "usage.invalid", String(error));
    return error.message;
  }
  throw new Error("It was taken");
}

Deno.test("an input names brokers, topic and group, and has defaults for the rest", () => {
  assert.deepEqual(parseKafkaInput("kafka://a:9093,b/orders.new?group=g%201"), {
    name: "kafka://a:9093,b/orders.new",
    brokers: ["a:9093", "b:9092"],
    topic: "orders.new",
    group: "g 1",
    from: "earliest",
    stopsAtEnd: false,
    tombstones: "skip",
  });
  const all = parseKafkaInput(
    "kafka://[::1]:1/t?group=g&from=latest&until=end&tombstones=pass&protocol=classic",
  );
  assert.deepEqual(all.brokers, ["[::1]:1"]);
  assert.deepEqual([all.from, all.stopsAtEnd, all.tombstones, all.protocol], [
    "latest",
    true,
    "pass",
    "classic",
  ]);
});

Deno.test("an output may name the field of its key", () => {
  assert.equal(parseKafkaOutput("kafka://a/t?key=id").keyField, "id");
  assert.equal(parseKafkaOutput("kafka://a/t").keyField, undefined);
});

Deno.test("what is wrong with an address is told, and a password never", () => {
  assert.match(refusal(() => parseKafkaInput("kafka://a/t")), /its group must be named/);
  assert.match(refusal(() => parseKafkaInput("kafka://a/t?group=g&form=latest")), /did you mean "from"\?/);
  assert.match(
    refusal(() => parseKafkaInput("kafka://a/t?group=g&from=begin")),
    /earliest or latest: current value is "begin"/,
  );
  assert.match(refusal(() => parseKafkaInput("kafka://a/t?group=g&group=h")), /once/);
  assert.match(refusal(() => parseKafkaOutput("kafka://a/t?group=g")), /"group" is no option of it/);
  assert.match(refusal(() => parseKafkaDeadLetters("kafka://a/t?key=g")), /takes no options/);
  assert.match(refusal(() => parseKafkaOutput("kafka://a/a&b")), /name of a topic/);
  for (
    const bad of [
      "kafka://",
      "kafka://a",
      "kafka:///t",
      "kafka://a:0/t",
      "kafka://a:99999/t",
      "kafka://a b/t",
      "kafka://a/..",
    ]
  ) {
    refusal(() => parseKafkaOutput(bad));
  }
  const message = refusal(() => parseKafkaInput("kafka://me:hunter2@a/t?group=g"));
  assert.match(message, /user and password must not stand in it/);
  assert.equal(message.includes("hunter2"), false);
});
