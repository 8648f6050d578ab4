import assert from "node:assert/strict";
import { Backend } from "./inference.ts";

const quietLogin = {
  user: "ada",
  failed_attempts: 0,
  hour: 10,
  new_country: false,
  new_device: false,
};
const oddLogin = {
  user: "ada",
  failed_attempts: 6,
  hour: 3,
  new_country: true,
  new_device: true,
};

Deno.test("scores an odd login higher than a quiet one", async () => {
  const backend = await Backend.create();
  const [quiet, odd] = await backend.infer([quietLogin, oddLogin]);
  assert.equal(quiet?.suspicious, false);
  assert.equal(odd?.suspicious, true);
});

Deno.test("takes the threshold from the configuration", async () => {
  const backend = await Backend.create({ config: { threshold: 0 } });
  assert.equal((await backend.infer(quietLogin)).suspicious, true);
});

Deno.test("refuses a login without its hour", async () => {
  const backend = await Backend.create();
  await assert.rejects(
    backend.infer({ failed_attempts: 1 }),
    /"hour" must be a number/,
  );
});

Deno.test("keeps the promises of a backend", async () => {
  const backend = await Backend.create();
  await backend.checkIo([quietLogin, oddLogin]);
});
