import assert from "node:assert/strict";
import type { Session } from "packflow";
import { FEATURES, type Site } from "./features.ts";
import { Backend } from "./inference.ts";

/** The backend with a model that needs no runtime: it is 0.8 sure of phishing where the host is a number. */
class Rehearsal extends Backend {
  protected override openModel(): Promise<Session> {
    return Promise.resolve({
      device: "none",
      inputs: [{ name: "X", type: "float32", shape: [null, FEATURES.length] }],
      outputs: [{ name: "probabilities", type: "float32", shape: [null, 2] }],
      run({ X: features }) {
        const rows = features?.dims[0] ?? 0;
        const data = new Float32Array(2 * rows);
        for (let row = 0; row < rows; row++) {
          const hasNumber = features?.data[row * FEATURES.length + FEATURES.indexOf("ip_in_url")] === 1;
          data.set(hasNumber ? [0.2, 0.8] : [0.9, 0.1], 2 * row);
        }
        return Promise.resolve({ probabilities: { type: "float32", data, dims: [rows, 2] } });
      },
      dispose: () => Promise.resolve(),
    });
  }
}

const shop: Site = {
  url: "https://shop.example/",
  certificate: "trusted",
  form_action: null,
  popup: "none",
  resource_hosts: [],
  link_hosts: [],
  rank: 1200,
  domain_age_days: 4000,
};
const trap: Site = { ...shop, url: "http://203.0.113.7/login" };

Deno.test("answers each event of a batch, in order", async () => {
  await using backend = await Rehearsal.create();
  const answers = await backend.infer([shop, trap]);
  assert.deepEqual(answers.map(({ phishing }) => phishing), [false, true]);
});

Deno.test("takes the threshold from the configuration", async () => {
  await using backend = await Rehearsal.create({ config: { threshold: 0.9 } });
  assert.equal((await backend.infer(trap)).phishing, false);
});

Deno.test("refuses an event that is no site, and says what is wrong with it", async () => {
  await using backend = await Rehearsal.create();
  await assert.rejects(backend.infer({ ...shop, popup: "loud" }), /popup/);
});

Deno.test("keeps the promises of a backend", async () => {
  await using backend = await Rehearsal.create();
  await backend.checkIo([shop, trap]);
});
