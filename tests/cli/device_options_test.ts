import assert from "node:assert/strict";
import {
  isolatedOptionsOf,
  modelsOf,
  noteTeller,
  withDeviceOptions,
  withIsolatedOptions,
} from "../../lib/cli/device_options.ts";
import { Command } from "../../lib/deps/commander.ts";

Deno.test("only what is said on the command line is asked of models", () => {
  const parse = (...args: string[]) =>
    modelsOf(withDeviceOptions(new Command("x").exitOverride()).parse(args, { from: "user" }).opts());
  assert.deepEqual(parse(), {});
  assert.deepEqual(parse("--device", "native", "--threads", "3"), { device: "native", threads: 3 });
  const quiet = () =>
    withDeviceOptions(new Command("x").exitOverride().configureOutput({ writeErr: () => {} }));
  for (const args of [["--device", "gpu"], ["--threads", "0"], ["--threads", "2.5"]]) {
    assert.throws(() => quiet().parse(args, { from: "user" }));
  }
});

Deno.test("commands that check a project take the sandbox's mode too", () => {
  const command = withIsolatedOptions(new Command("x")).parse(["--sandbox", "off"], { from: "user" });
  const { sandbox, models } = isolatedOptionsOf(command.opts());
  assert.deepEqual([sandbox, models], [{ mode: "off" }, {}]);
});

Deno.test("what many workers note is told once, choices only with --verbose", () => {
  for (const verbose of [undefined, true] as const) {
    const told: string[] = [];
    const note = noteTeller({ verbose }, (level, message) => told.push(`${level} ${message}`));
    for (let worker = 0; worker < 3; worker++) {
      note({ level: "info", message: "on wasm" });
      note({ level: "warn", message: "fell back" });
    }
    assert.deepEqual(told, verbose === true ? ["info on wasm", "warn fell back"] : ["warn fell back"]);
  }
});
