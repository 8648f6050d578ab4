import assert from "node:assert/strict";
import type { Session } from "packflow";
import { Backend } from "./inference.ts";
import { inRounds, Memories } from "./memories.ts";

/** The backend with a model that needs no runtime: it forecasts the same reading again, and counts the runs. */
class Rehearsal extends Backend {
  runs = 0;

  protected override openModel(): Promise<Session> {
    return Promise.resolve({
      device: "none",
      inputs: [],
      outputs: [],
      run: ({ reading, state }) => {
        this.runs++;
        if (reading === undefined || state === undefined) throw new Error("an input is missing");
        return Promise.resolve({ forecast: reading, next_state: state });
      },
      dispose: () => Promise.resolve(),
    });
  }
}

const event = (sensor: string, celsius: number) => ({ sensor, celsius });

Deno.test("remembers each sensor's past, and none of another's", async () => {
  const backend = await Rehearsal.create();
  const batch = [event("a", 1), event("b", 9), event("a", 2), event("a", 3), event("b", 8)];
  const forecasts = (await backend.infer(batch)).map(({ forecast }) => forecast);
  assert.deepEqual(forecasts, [null, null, 1, 2, 9]);
  assert.equal((await backend.infer(event("b", 7))).forecast, 8);
  assert.equal(backend.runs, 4, "sensors share a run of the model");
});

Deno.test("finds a reading unusual when it is far off its forecast, but not before it has seen some", async () => {
  const backend = await Rehearsal.create({ config: { warmUp: 3, tolerance: 1 } });
  const readings = [5, 9, 9, 20, 9.5, 30, 30, 30, 30];
  const results = await backend.infer(readings.map((celsius) => event("a", celsius)));
  const unusual = results.flatMap((result, index) => result.unusual ? [index] : []);
  assert.deepEqual(unusual, [3, 5, 6, 7], "until it has gone on for so long that it is usual");
  assert.equal(results[4]?.forecast, 9, "an unusual reading does not spoil the next forecast");
});

Deno.test("a batch that fails leaves nothing behind, nor do overlapping calls mix", async () => {
  const backend = await Rehearsal.create();
  await backend.infer(event("a", 1));
  await assert.rejects(backend.infer([event("a", 50), { sensor: "a" }]), /"celsius" must be a number/);
  const [first, second] = await Promise.all([backend.infer(event("a", 2)), backend.infer(event("a", 3))]);
  assert.deepEqual([first.forecast, second.forecast], [1, 2]);
});

Deno.test("keeps the promises of a backend, and forgets all on reset", async () => {
  const backend = await Rehearsal.create();
  await backend.checkIo([event("a", 1), event("a", 2), event("b", 3)]);
  assert.equal((await backend.infer(event("a", 5))).forecast, null);
});

Deno.test("memories beyond the most there may be are forgotten, those changed longest ago first", () => {
  const memories = new Memories<number>(2);
  for (const key of ["a", "b", "a", "c"]) {
    const changes = memories.change();
    changes.set(key, 1);
    changes.keep();
  }
  const { get } = memories.change();
  assert.deepEqual([memories.size, get("a"), get("b"), get("c")], [2, 1, undefined, 1]);
});

Deno.test("rounds have every item once, in order per key", () => {
  assert.deepEqual(inRounds(["a", "b", "a", "a", "c"], (key) => key), [[0, 1, 4], [2], [3]]);
  assert.deepEqual(inRounds([], String), []);
});
