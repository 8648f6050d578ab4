import assert from "node:assert/strict";
import { type HostFacts, hostFacts, missingProtections, sandboxReport } from "../../lib/isolate/sandbox.ts";

const BINARY: HostFacts = { program: "/packflow", isCompiled: true, os: "linux", landlock: 7 };

Deno.test("from source and under Landlock everything is protected", () => {
  for (const facts of [hostFacts(), BINARY]) {
    assert.deepEqual(sandboxReport(facts).filter(({ isActive }) => !isActive), []);
    assert.deepEqual(missingProtections({ mode: "strict" }, facts), []);
  }
});

Deno.test("what is missing is a text, or a refusal with strict, and nothing where nothing is asked", () => {
  for (const facts of [{ ...BINARY, landlock: 0 }, { ...BINARY, landlock: 0, os: "darwin" }]) {
    assert.equal(missingProtections({ mode: "auto" }, facts).length, 1);
    assert.deepEqual(missingProtections({ mode: "off" }, facts), []);
    assert.throws(() => missingProtections({ mode: "strict" }, facts), {
      code: "worker.sandbox_unavailable",
    });
  }
});

Deno.test("single hosts are refused where only the whole network can be opened", () => {
  const options = { mode: "auto", allowNet: ["example.org"] } as const;
  assert.throws(() => missingProtections(options, BINARY), { code: "worker.sandbox_unavailable" });
  assert.deepEqual(missingProtections({ ...options, allowNet: true }, BINARY), []);
  assert.deepEqual(missingProtections(options, hostFacts()), []);
});
