import assert from "node:assert/strict";
import { metricsAddress, openRunMetrics } from "../../lib/cli/run_metrics.ts";

Deno.test("an address has a host and a port; a port alone is for this machine", () => {
  const read = (value: string) => Object.values(metricsAddress(value)).join(" ");
  assert.equal(read("9100"), "127.0.0.1 9100");
  assert.equal(read(":9100"), "127.0.0.1 9100");
  assert.equal(read("0.0.0.0:0"), "0.0.0.0 0");
  assert.equal(read("metrics.example.org:65535"), "metrics.example.org 65535");
  assert.equal(read("[::1]:9100"), "::1 9100");
});

Deno.test("what is no address is refused", () => {
  for (
    const value of ["", "host", "host:", "host:x", "1.2.3.4:65536", "::1:9100", "a b:1", "http://x:1", "-1"]
  ) {
    assert.throws(() => metricsAddress(value), { code: "commander.invalidArgument" }, value);
  }
});

Deno.test("nothing listens where nobody asked for it", async () => {
  assert.equal(await openRunMetrics(undefined, "x"), undefined);
});
