/** A package runs where there is nothing but the program: no network, no home, no other programs, no node_modules. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { FORMATS } from "../helpers/packagers.ts";
import { packflowTests } from "../helpers/packflow.ts";
import { writeReproducible } from "../helpers/reproducible_project.ts";

const test = await packflowTests();

/** The program that starts another one without network; undefined where user namespaces are not allowed. */
async function namespaces(): Promise<string | undefined> {
  const program = "/usr/bin/unshare";
  try {
    const { success } = await new Deno.Command(program, { args: ["-r", "-n", "/bin/true"] }).output();
    return success ? program : undefined;
  } catch {
    return undefined;
  }
}

const unshare = await namespaces();
if (unshare === undefined) {
  Deno.test.ignore("namespace without network: SKIPPED, unreachable proxies stand in for it", () => {});
}

/** A proxy that nobody listens at: whatever asks for the network fails. */
const NOWHERE = "http://127.0.0.1:9";
const env = { HTTP_PROXY: NOWHERE, HTTPS_PROXY: NOWHERE };
const bare = { env, ...(unshare === undefined ? {} : { shell: `exec ${unshare} -r -n "$@"` }) };

test("a package with dependencies is verified, inspected and run without network", async (packflow, cwd) => {
  await writeReproducible(join(cwd, "project"));
  for (const format of FORMATS) {
    const name = `made.${format}`;
    await packflow.run(["package", "project", "--format", format, "--output", name], { cwd });
  }
  await Deno.remove(join(cwd, "project"), { recursive: true });
  for (const format of FORMATS) {
    const name = `made.${format}`;
    const verified = await packflow.json(["verify", name], { cwd, ...bare });
    assert.deepEqual([verified.ok, verified.name], [true, "reproducible"]);
    await packflow.run(["inspect", name], { cwd, ...bare });
    await packflow.run(["test", name], { cwd, ...bare });
    const { stdout } = await packflow.run(["run", name], { cwd, ...bare, stdin: '{"x":1.2}\n{"x":99}\n' });
    assert.equal(stdout, '{"y":2.5}\n{"y":100}\n');
  }
});
