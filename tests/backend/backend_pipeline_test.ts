import assert from "node:assert/strict";
import { InferenceBackend, PackflowError, type Records } from "packflow";
import { fc } from "../helpers/fast_check.ts";
import { outcomeOf, startModule } from "../helpers/start_module.ts";

class Echo extends InferenceBackend {
  override execute(inputs: Records) {
    return inputs;
  }
}

/** Builds a backend whose `execute` is the given function. */
function executing(execute: (inputs: Records) => unknown) {
  return class Executing extends InferenceBackend {
    override execute(inputs: Records) {
      return execute(inputs);
    }
  };
}

function withCode(code: string, ...pieces: string[]) {
  return (error: unknown) => {
    assert.ok(error instanceof PackflowError, String(error));
    assert.equal(error.code, code);
    for (const piece of pieces) assert.ok(error.message.includes(piece), error.message);
    return true;
  };
}

Deno.test("one event gives one result, a batch gives an array of the same length and order", async () => {
  const backend = await Echo.create();
  assert.deepEqual(await backend.infer({ a: 1 }), { a: 1 });
  assert.deepEqual(await backend.infer([{ a: 1 }, { a: 2 }]), [{ a: 1 }, { a: 2 }]);
  assert.deepEqual(await backend.infer([]), []);
});

Deno.test("a batch answers as its events answer alone", async () => {
  class Sum extends InferenceBackend {
    override transformInputs(records: Records) {
      return records.map((event) => ({ values: Object.values(event) }));
    }
    override execute(inputs: Records) {
      return inputs.map(({ values }) => JSON.stringify(values));
    }
    override transformOutputs(outputs: string[]) {
      return outputs.map((text) => ({ text }));
    }
  }
  const backend = await Sum.create();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.dictionary(fc.string(), fc.double({ noNaN: true }))), async (events) => {
      const alone = await Promise.all(events.map((event) => backend.infer(event)));
      assert.deepEqual(await backend.infer(events), alone);
    }),
  );
});

Deno.test("hooks run once and in order, none from the constructor", async () => {
  const calls: string[] = [];
  class Ordered extends InferenceBackend {
    readonly field = "set";
    override initialize() {
      calls.push(`initialize ${this.field}`);
    }
    override ready() {
      calls.push("ready");
      return Promise.resolve(true);
    }
    override transformInputs(records: Records) {
      calls.push("transformInputs");
      return records;
    }
    override execute(inputs: Records) {
      calls.push("execute");
      return Promise.resolve(inputs);
    }
    override transformOutputs(outputs: Records) {
      calls.push("transformOutputs");
      return outputs;
    }
    override dispose() {
      calls.push("dispose");
    }
  }
  {
    await using backend = await Ordered.create();
    await backend.infer({ a: 1 });
  }
  const hooks = ["ready", "transformInputs", "execute", "transformOutputs", "dispose"];
  assert.deepEqual(calls, ["initialize set", ...hooks]);
});

Deno.test("metrics hold the steps there are, and their sum", async () => {
  const { metrics } = await (await Echo.create()).inferWithMetrics([{ a: 1 }, { a: 2 }]);
  assert.equal(metrics.batchSize, 2);
  assert.deepEqual(Object.keys(metrics.executionTimes).sort(), ["execute", "preprocess"]);
  const { preprocess, execute } = metrics.executionTimes;
  assert.equal(metrics.totalExecutionTime, preprocess + execute);
  assert.ok(preprocess >= 0 && execute >= 0);
});

Deno.test("calls at once mix neither results nor metrics", async () => {
  const gates: (() => void)[] = [];
  class Slow extends InferenceBackend {
    override async execute(inputs: Records) {
      await new Promise<void>((open) => gates.push(open));
      return inputs;
    }
  }
  const backend = await Slow.create();
  const calls = [backend.inferWithMetrics([{ n: 1 }]), backend.inferWithMetrics([{ n: 2 }, { n: 3 }])];
  while (gates.length < 2) await Promise.resolve();
  for (const open of gates.reverse()) open();
  const [first, second] = await Promise.all(calls);
  assert.deepEqual(first?.output, [{ n: 1 }]);
  assert.deepEqual(second?.output, [{ n: 2 }, { n: 3 }]);
  assert.deepEqual([first?.metrics.batchSize, second?.metrics.batchSize], [1, 2]);
});

Deno.test("what a hook throws is wrapped with the hook's name, the cause kept", async () => {
  for (const hook of ["transformInputs", "execute", "transformOutputs"]) {
    const boom = new TypeError("boom");
    class Throwing extends Echo {}
    Object.assign(Throwing.prototype, {
      [hook]: () => {
        throw boom;
      },
    });
    const backend = await Throwing.create();
    await assert.rejects(backend.infer({ a: 1 }), (error) => {
      withCode("backend.hook_failed", hook, "boom", "Throwing")(error);
      return error instanceof PackflowError && error.cause === boom && error.place.hook === hook;
    });
  }
});

Deno.test("a backend that cannot initialize or is not ready is refused", async () => {
  class Failing extends Echo {
    override initialize() {
      throw new Error("no table");
    }
  }
  class NotReady extends Echo {
    override ready() {
      return false;
    }
  }
  await assert.rejects(Failing.create(), withCode("backend.initialize_failed", "no table"));
  await assert.rejects(NotReady.create(), withCode("backend.not_ready", "NotReady"));
});

Deno.test("a backend made with new says how to build it", async () => {
  const backend = new Echo({ config: (await Echo.create()).config, folder: "." });
  assert.throws(() => backend.inferWithMetrics({ a: 1 }), withCode("backend.not_initialized", "Echo"));
});

Deno.test("results that do not match the events are refused, whatever they are", async () => {
  for (const wrong of [[], [{}, {}], undefined, null, {}, "x", 5]) {
    const backend = await executing(() => wrong).create();
    await assert.rejects(backend.infer({ a: 1 }), withCode("backend.wrong_output", "expected 1 results"));
  }
});

Deno.test("input that is no event is refused with its index", async () => {
  const backend = await Echo.create();
  // Input from plain JavaScript is not typed, so the casts stand for what a script may send.
  await assert.rejects(backend.infer("oops" as never), withCode("event.not_object", "string"));
  await assert.rejects(backend.infer(null as never), withCode("event.not_object", "null"));
  await assert.rejects(backend.infer([{ a: 1 }, 3] as never), (error) => {
    withCode("event.not_object", "event 1", "number")(error);
    return error instanceof PackflowError && error.place.eventIndex === 1;
  });
});

Deno.test("a backend without execute is refused; one set in the constructor will do", async () => {
  class Field extends InferenceBackend {
    override execute = (inputs: Records) => inputs;
  }
  assert.deepEqual(await (await Field.create()).infer({ a: 1 }), { a: 1 });
  class Without extends Echo {}
  Object.defineProperty(Without.prototype, "execute", { value: undefined });
  await assert.rejects(Without.create(), withCode("backend.wrong_export", "must have execute"));
});

Deno.test("verbose logs the batch size and the time of each step, and only then", async () => {
  for (const verbose of [true, false]) {
    const { stderr } = await outcomeOf(startModule(`
      import { InferenceBackend } from "packflow";
      class Echo extends InferenceBackend {
        execute(inputs) { return inputs; }
      }
      const backend = await Echo.create({ config: { verbose: ${verbose} } });
      await backend.infer([{ a: 1 }, { a: 2 }]);
    `));
    const expected = /Echo inferred a batch of 2: preprocess [\d.]+ ms, execute [\d.]+ ms/;
    assert.equal(expected.test(stderr), verbose, stderr);
  }
});
