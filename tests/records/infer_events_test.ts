import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { EventRecord } from "../../lib/base/json.ts";
import { inferEvents } from "../../lib/records/infer_events.ts";
import { fc } from "../helpers/fast_check.ts";

const eventsOf = (count: number): EventRecord[] => Array.from({ length: count }, (_, id) => ({ id }));

async function run(
  count: number,
  batchSize: number,
  infer: (events: EventRecord[]) => unknown,
  stops = false,
) {
  const results: unknown[] = [];
  const failed: number[] = [];
  const calls: number[] = [];
  const batches = await inferEvents(eventsOf(count), {
    batchSize,
    again: (from, to) => eventsOf(count).slice(from, to),
    infer: async (events) => {
      calls.push(events.length);
      return await infer(events) as unknown[];
    },
  }, {
    result: (index, result) => {
      results[index] = result;
      return false;
    },
    failed: (index) => {
      failed.push(index);
      return stops;
    },
  });
  return { results, failed, calls, batches };
}

Deno.test("events go in batches of the size asked for, in order", async () => {
  const { results, calls, batches } = await run(7, 3, (events) => events);
  deepStrictEqual(results, eventsOf(7));
  deepStrictEqual(calls, [3, 3, 1]);
  strictEqual(batches, 3);
});

Deno.test("exactly the events that fail alone fail, and every other has its own result", async () => {
  const bad = fc.uniqueArray(fc.nat(40));
  await fc.assert(fc.asyncProperty(bad, fc.integer({ min: 1, max: 50 }), async (bad, batchSize) => {
    const { results, failed } = await run(41, batchSize, (events) => {
      if (events.some(({ id }) => bad.includes(Number(id)))) throw new Error("bad");
      return events.map(({ id }) => ({ twice: 2 * Number(id) }));
    });
    deepStrictEqual(failed, bad.toSorted((a, b) => a - b));
    for (let id = 0; id <= 40; id++) {
      deepStrictEqual(results[id], bad.includes(id) ? undefined : { twice: 2 * id });
    }
  }));
});

Deno.test("one bad event among many costs few calls", async () => {
  const { calls, failed } = await run(1024, 1024, (events) => {
    if (events.some(({ id }) => id === 700)) throw new Error("bad");
    return events;
  });
  deepStrictEqual(failed, [700]);
  strictEqual(calls.length, 21);
});

Deno.test("a wrong number of results, or no array, is a failure of the batch", async () => {
  deepStrictEqual((await run(2, 2, (events) => events.slice(1))).failed, [0, 1]);
  deepStrictEqual((await run(2, 2, (events) => [...events, {}])).failed, [0, 1]);
  deepStrictEqual((await run(2, 2, () => ({ length: 2 }))).failed, [0, 1]);
  deepStrictEqual((await run(2, 2, () => undefined)).failed, [0, 1]);
});

Deno.test("told to stop, it infers nothing more", async () => {
  const { calls, failed } = await run(8, 4, (events) => {
    if (events.some(({ id }) => id === 1 || id === 3)) throw new Error("bad");
    return events;
  }, true);
  deepStrictEqual(failed, [1]);
  deepStrictEqual(calls, [4, 2, 1, 1]);
});
