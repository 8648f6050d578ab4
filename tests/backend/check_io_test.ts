import assert from "node:assert/strict";
import { type EventRecord, InferenceBackend, PackflowError, type Records } from "packflow";

/** Builds a backend whose result for each event is what the function returns. */
function answering(answer: (event: EventRecord, index: number) => unknown) {
  class Answering extends InferenceBackend {
    override execute(inputs: Records) {
      return inputs.map(answer);
    }
  }
  return Answering.create();
}

async function refusal(
  answer: (event: EventRecord, index: number) => unknown,
  sample: Records,
): Promise<PackflowError> {
  const backend = await answering(answer);
  try {
    await backend.checkIo(sample);
  } catch (error) {
    assert.ok(error instanceof PackflowError, String(error));
    assert.equal(error.code, "check.io");
    return error;
  }
  assert.fail("checkIo accepted the results");
}

Deno.test("accepts plain JSON results and returns them", async () => {
  const backend = await answering((event) => ({ ...event, nested: { list: [1, null, "x", true] } }));
  const result = { a: 1, nested: { list: [1, null, "x", true] } };
  assert.deepEqual(await backend.checkIo({ a: 1 }), result);
  assert.deepEqual(await backend.checkIo([{ a: 1 }, { a: 1 }]), [result, result]);
  assert.deepEqual(await backend.checkIo([]), []);
});

Deno.test("names the event and the path of what JSON cannot carry", async () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const values = [
    NaN,
    Infinity,
    -Infinity,
    undefined,
    1n,
    Symbol("x"),
    () => 1,
    new Date(0),
    new Map(),
    cyclic,
  ];
  for (const value of values) {
    const error = await refusal((_, index) => (index === 1 ? { a: { b: [0, value] } } : {}), [{}, {}]);
    assert.equal(error.place.eventIndex, 1);
    assert.ok(error.place.field?.startsWith("a.b[1]"), error.place.field);
    assert.ok(error.message.includes("event 1"), error.message);
  }
});

Deno.test("refuses results that are no plain objects", async () => {
  for (const value of [1, "x", null, [1], new Date(0), new (class Own {})()]) {
    const error = await refusal(() => value, [{ a: 1 }]);
    assert.equal(error.place.eventIndex, 0);
  }
});

Deno.test("refuses answers that differ between a batch and alone", async () => {
  const error = await refusal((_, index) => ({ rank: [index] }), [{ a: 1 }, { a: 2 }]);
  assert.deepEqual(error.place, { eventIndex: 1, field: "rank[0]" });
});

Deno.test("accepts rounding between batch sizes", async () => {
  const backend = await answering((_, index) => ({ score: 0.5 + index * 1e-7 }));
  assert.deepEqual(await backend.checkIo([{}, {}]), [{ score: 0.5 }, { score: 0.5 + 1e-7 }]);
});

Deno.test("refuses a backend that changes its input", async () => {
  const error = await refusal((event) => {
    Object.assign(event, { seen: true });
    return {};
  }, [{ a: 1 }]);
  assert.deepEqual(error.place, { eventIndex: 0, field: "seen" });
});

Deno.test("asks for the declared output keys, in any of the results", async () => {
  class Keyed extends InferenceBackend {
    override execute(inputs: Records) {
      return inputs.map((event) => ({ ...event }));
    }
  }
  const backend = await Keyed.create({ config: { outputKeys: ["a", "b"] } });
  assert.deepEqual(await backend.checkIo([{ a: 1 }, { b: 2 }]), [{ a: 1 }, { b: 2 }]);
  await assert.rejects(backend.checkIo([{ a: 1 }]), /missing "b"/);
});

Deno.test("refuses a backend that keeps state which it cannot be made to forget", async () => {
  class Counting extends InferenceBackend {
    #seen = 0;
    override execute(events: Records) {
      return events.map(() => ({ seen: ++this.#seen }));
    }
  }
  const sample = [{}, {}, {}];
  const counting = await Counting.create();
  await assert.rejects(counting.checkIo(sample), /its answer in a batch must equal its answer alone/);
});

Deno.test("accepts a backend that keeps state and forgets it on reset, and leaves none behind", async () => {
  class Summing extends InferenceBackend {
    #sum = 0;
    override execute(events: Records) {
      return events.map(({ x }) => ({ sum: this.#sum += Number(x) }));
    }
    override reset() {
      this.#sum = 0;
    }
  }
  const backend = await Summing.create();
  await backend.infer({ x: 100 });
  assert.deepEqual(await backend.checkIo([{ x: 1 }, { x: 2 }]), [{ sum: 1 }, { sum: 3 }]);
  assert.deepEqual(await backend.infer({ x: 5 }), { sum: 5 });
});

Deno.test("names the reset hook when it throws", async () => {
  class Stubborn extends InferenceBackend {
    override execute(events: Records) {
      return events;
    }
    override reset() {
      throw new Error("never");
    }
  }
  const backend = await Stubborn.create();
  await assert.rejects(backend.checkIo({ x: 1 }), /Cannot run reset of "Stubborn" as it threw: never/);
});
