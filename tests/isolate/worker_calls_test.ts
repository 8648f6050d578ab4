import assert from "node:assert/strict";
import { answerCall } from "../../lib/isolate/worker_calls.ts";
import { InferenceBackend, type Records } from "packflow";
import { rejects } from "../helpers/rejects.ts";

class Half extends InferenceBackend {
  override execute(events: Records): object[] {
    return events.map(({ x }) => x === 4 ? { half: 0.25, gone: undefined } : { half: 1 / Number(x) });
  }
}

Deno.test("answers an event, a batch, and a check", async () => {
  const backend = await Half.create();
  assert.deepEqual(await answerCall(backend, { op: "infer", payload: { x: 4 } }), { half: 0.25 });
  assert.deepEqual(await answerCall(backend, { op: "infer", payload: [{ x: 1 }, { x: 2 }] }), [{ half: 1 }, {
    half: 0.5,
  }]);
  assert.equal(await answerCall(backend, { op: "checkIo", payload: [{ x: 1 }] }), null);
});

Deno.test("a reset reaches a backend that has the hook, and passes others by", async () => {
  class Remembering extends Half {
    resets = 0;
    override reset() {
      if (++this.resets > 1) throw new Error("once is enough");
    }
  }
  assert.equal(await answerCall(await Half.create(), { op: "reset", payload: null }), null);
  const backend = await Remembering.create();
  assert.equal(await answerCall(backend, { op: "reset", payload: null }), null);
  assert.equal(backend.resets, 1);
  await rejects(
    () => answerCall(backend, { op: "reset", payload: null }),
    "backend.hook_failed",
    /reset .*once is enough/,
  );
});

Deno.test("what JSON cannot carry is refused", async () => {
  const backend = await Half.create();
  await rejects(
    () => answerCall(backend, { op: "infer", payload: { x: 0 } }),
    "check.io",
    /"half" is Infinity/,
  );
  await rejects(() => answerCall(backend, { op: "infer", payload: [1] }), "event.not_object", /event 0/);
});
