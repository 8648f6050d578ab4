import assert from "node:assert/strict";
import { openSession } from "../../lib/onnx/open_session.ts";
import { buildStatefulModel } from "../../scripts/build_stateful_model.ts";

Deno.test("the model of the template is the one that the script makes", async () => {
  const path = new URL("../../templates/stateful/model.onnx", import.meta.url);
  assert.deepEqual(await Deno.readFile(path), buildStatefulModel());
});

Deno.test("the model forecasts waves that it has not seen, once it has seen some readings", async () => {
  const session = await openSession(buildStatefulModel(), { name: "model.onnx" });
  for (const period of [13, 24, 37]) {
    let state = new Float32Array(24);
    let forecast = NaN;
    let worst = 0;
    for (let step = 0; step < 80; step++) {
      const reading = 18 + 5 * Math.sin(1 + 2 * Math.PI * step / period);
      if (step >= 8) worst = Math.max(worst, Math.abs(reading - forecast));
      const outputs = await session.run({
        reading: { type: "float32", data: Float32Array.of(reading), dims: [1, 1] },
        state: { type: "float32", data: state, dims: [1, 24] },
      });
      state = Float32Array.from(outputs.next_state?.data ?? [], Number);
      forecast = Number(outputs.forecast?.data[0]);
    }
    assert.ok(worst < 1, `period ${period}: off by ${worst} degrees`);
  }
  await session.dispose();
});
