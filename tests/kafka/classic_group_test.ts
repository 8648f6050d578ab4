import assert from "node:assert/strict";
import { systemClock } from "../../lib/host/clock.ts";
import { assignment, ClassicGroup, readAssignment } from "../../lib/kafka/classic_group.ts";
import { Outage } from "../../lib/kafka/outage.ts";
import { eventually } from "../helpers/eventually.ts";
import { fc } from "../helpers/fast_check.ts";
import { inTime } from "../helpers/in_time.ts";
import { FakeKafka } from "../helpers/kafka_fake.ts";

const hasty = {
  now: () => systemClock.now(),
  after: (_ms: number, call: () => void) => systemClock.after(0, call),
};

Deno.test("an assignment reads as it was written", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 20 }), fc.array(fc.nat()), (topic, partitions) => {
      assert.deepEqual(readAssignment(assignment(topic, partitions), topic), partitions);
      assert.deepEqual(readAssignment(assignment(topic, partitions), `${topic}!`), []);
    }),
  );
  assert.deepEqual(readAssignment(new Uint8Array(0), "t"), []);
});

Deno.test("joins, gives all back when the group asks, joins anew, and leaves", async () => {
  const kafka = new FakeKafka(3);
  const told: string[] = [];
  const group = new ClassicGroup(kafka, { group: "g", topic: "t", rebalanceTimeoutMs: 1000, partitions: 3 }, {
    outage: new Outage("g", hasty),
    events: {
      assigned: (partitions) => Promise.resolve(void told.push(`assigned ${partitions}`)),
      revoked: (partitions) => Promise.resolve(void told.push(`revoked ${partitions}`)),
      lost: (partitions) => told.push(`lost ${partitions}`),
      failed: (error) => told.push(`failed ${error instanceof Error ? error.message : error}`),
    },
  });
  group.start();
  await eventually("it to have partitions", () => told.length === 1);
  assert.deepEqual(group.membership, { group: "g", member: "me", epoch: 1 });
  kafka.fail("classicHeartbeat", "NETWORK", "REBALANCE_IN_PROGRESS");
  await eventually("it to have them again", () => told.length === 3);
  kafka.fail("classicHeartbeat", "UNKNOWN_MEMBER_ID");
  await eventually("it to be thrown out and let in", () => told.length === 5);
  kafka.fail("classicHeartbeat", "GROUP_AUTHORIZATION_FAILED");
  await eventually("it to fail", () => told.length === 6);
  await inTime(group.close(), "it to leave");
  assert.deepEqual(told, [
    "assigned 0,1,2",
    "revoked 0,1,2",
    "assigned 0,1,2",
    "lost 0,1,2",
    "assigned 0,1,2",
    "failed made to fail with GROUP_AUTHORIZATION_FAILED",
  ]);
});
