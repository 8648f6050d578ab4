import assert from "node:assert/strict";
import { VERSION } from "../../lib/base/version.ts";
import { COMMANDS } from "../../lib/cli/commands.ts";
import { main } from "../../lib/cli/main.ts";
import { capturedOutput, type CaptureOptions } from "../helpers/captured_output.ts";

async function run(args: readonly string[], options: CaptureOptions = {}) {
  const { value: code, stdout, stderr } = await capturedOutput(() => main(args), options);
  return { code, stdout, stderr };
}

Deno.test("--version prints the version", async () => {
  for (const flag of ["--version", "-V"]) {
    assert.deepEqual(await run([flag]), { code: 0, stdout: `packflow ${VERSION}\n`, stderr: "" });
  }
});

Deno.test("--help lists every command on standard output", async () => {
  for (const flag of ["--help", "-h"]) {
    const { code, stdout, stderr } = await run([flag]);
    assert.deepEqual([code, stderr], [0, ""]);
    for (const name of Object.keys(COMMANDS)) assert.match(stdout, new RegExp(`^ {2}${name}\\b`, "m"));
  }
});

Deno.test("no arguments give the same help on standard error, and exit code 2", async () => {
  const { code, stdout, stderr } = await run([]);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.equal(stderr, (await run(["--help"])).stdout);
});

Deno.test("an unknown command or option is wrong usage, and the nearest name is suggested", async () => {
  const cases = [
    {
      args: ["validte"],
      error: "Unknown command 'validte' (Did you mean validate?)",
      help: "packflow --help",
    },
    {
      args: ["test", "--updat"],
      error: "Unknown option '--updat' (Did you mean --update?)",
      help: "packflow test --help",
    },
    { args: ["--frob"], error: "Unknown option '--frob'", help: "packflow --help" },
  ];
  for (const { args, error, help } of cases) {
    assert.deepEqual(await run(args), {
      code: 2,
      stdout: "",
      stderr: `error ${error} [usage.invalid]\n  help: See ${help}\n`,
    });
  }
});

Deno.test("an alias is reported under the command's name", async () => {
  const { code, stdout } = await run(["export", "no/such/project", "--json"]);
  assert.equal(code, 4);
  const report = JSON.parse(stdout);
  assert.deepEqual([report.schema, report.ok], ["packflow.package/1", false]);
});

Deno.test("main never throws, whatever becomes of standard output", async () => {
  const full = { stdoutFault: new Error("No space left on device (os error 28)") };
  const closed = { stdoutFault: new Deno.errors.BrokenPipe("Broken pipe (os error 32)") };
  for (const args of [["--version"], ["--help"], ["run", "--help"], ["schema"]]) {
    const { code, stderr } = await run(args, full);
    assert.equal(code, 6, args.join(" "));
    assert.match(stderr, /\[sink\.write_failed\]/);
    assert.deepEqual(await run(args, closed), { code: 0, stdout: "", stderr: "" });
  }
  for (const options of [full, closed]) {
    const { code, stderr } = await run(["validate", "no/such/project", "--json"], options);
    assert.equal(code, 4);
    assert.match(stderr, /\[project\.not_found\]/);
  }
});
