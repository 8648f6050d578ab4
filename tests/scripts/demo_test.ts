import assert from "node:assert/strict";
import { join } from "node:path";
import { cut } from "../../scripts/demo.ts";
import { ROOT } from "../../scripts/run_deno.ts";

/** Runs a script that does the demo, with temporary folders of its own, as on a machine without deno on its PATH. */
async function runDemo(script: string): Promise<{ code: number; stdout: string; left: string[] }> {
  const temporary = await Deno.makeTempDir({ prefix: "packflow-test-" });
  try {
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--config", join(ROOT, "deno.json"), script],
      env: { PATH: "/nowhere", TMPDIR: temporary, NO_COLOR: "1" },
    }).output();
    const left = await Array.fromAsync(Deno.readDir(temporary), ({ name }) => name);
    return { code, stdout: new TextDecoder().decode(stdout), left };
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}

const DEMO = JSON.stringify(join(ROOT, "scripts", "demo.ts"));

Deno.test("the demo shows every command with its result, and leaves nothing behind", async () => {
  const { code, stdout, left } = await runDemo(
    `import { demo } from ${DEMO}; Deno.exit(await demo() ? 0 : 1);`,
  );
  assert.equal(code, 0, stdout);
  const commands = stdout.split("\n").filter((line) => line.startsWith("$ ")).map((line) => line.slice(2));
  assert.deepEqual(commands, [
    "packflow create phishing --template onnx",
    "cd phishing",
    "packflow validate",
    "packflow test",
    "packflow run < events.ndjson",
    "packflow package",
    "packflow verify phishing-0.1.0.tar.gz",
    "packflow run phishing-0.1.0.tar.gz < events.ndjson",
  ]);
  assert.equal(stdout.match(/20 events in, 20 answers out/g)?.length, 2);
  assert.match(stdout, /Verified phishing 0\.1\.0: /);
  assert.match(stdout, /\nDemo passed: 7 commands, from nothing to a package that runs\n$/);
  assert.deepEqual(left, []);
});

Deno.test("the demo fails with the first command that fails", async () => {
  const steps = [{ args: ["create", "a"] }, { args: ["run", "b"] }, { args: ["test", "a"] }];
  const { code, stdout, left } = await runDemo(
    `import { demo } from ${DEMO}; Deno.exit(await demo(${JSON.stringify(steps)}) ? 0 : 1);`,
  );
  assert.equal(code, 1);
  assert.match(stdout, /\nDemo failed: "packflow run b" ended with exit code 4\n$/);
  assert.deepEqual(left, []);
});

Deno.test("cut keeps the ends of a long output, and all of a short one", () => {
  const lines = (count: number) => Array.from({ length: count }, (_, at) => `${at}\n`).join("");
  assert.equal(cut(""), "");
  assert.equal(cut(lines(8)), lines(8));
  assert.equal(cut(lines(12)), "0\n1\n2\n3\n... 4 more lines\n8\n9\n10\n11\n");
});
