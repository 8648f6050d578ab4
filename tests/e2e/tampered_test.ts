/** Packages that are not what they were: refused with exit code 5, and none of their code runs. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { archive, readFiles } from "../helpers/archives.ts";
import { packflowTests } from "../helpers/packflow.ts";

const test = await packflowTests();

/** Leaves a mark where it is run, as code smuggled into a package would. */
const SMUGGLED = 'Deno.writeTextFileSync("ran", "");\n';

test(
  "a package with an altered file is refused by every command, and its code does not run",
  async (packflow, cwd) => {
    await packflow.run(["create", "mine"], { cwd });
    await packflow.run(["package", "mine", "--output", "good.tar.gz"], { cwd });
    const entries = await readFiles(await Deno.readFile(join(cwd, "good.tar.gz")));
    const altered = entries.map((entry) =>
      entry.path === "inference.ts" ? { ...entry, data: smuggleInto(entry.data) } : entry
    );
    await Deno.writeFile(join(cwd, "bad.tar.gz"), await archive(altered));
    const commands = ["run", "test", "validate", "verify", "inspect", "unpack"];
    const finished = await Promise.all(
      commands.map((command) => packflow.run([command, "bad.tar.gz"], { cwd, stdin: "{}\n", code: 5 })),
    );
    for (const { stdout, stderr } of finished) {
      assert.match(stderr, /"inference\.ts".*\[package\.altered_file\]/);
      assert.equal(stdout, "");
    }
    const report = await packflow.json(["verify", "bad.tar.gz"], { cwd, code: 5 });
    assert.deepEqual([report.ok, report.diagnostics[0]?.code], [false, "package.altered_file"]);
    assert.deepEqual(await names(cwd), ["bad.tar.gz", "good.tar.gz", "mine"]);
  },
);

test("a damaged package, and what is no package, are refused", async (packflow, cwd) => {
  await packflow.run(["create", "mine"], { cwd });
  await packflow.run(["package", "mine", "--output", "good.tar.gz"], { cwd });
  const bytes = await Deno.readFile(join(cwd, "good.tar.gz"));
  await Deno.writeFile(join(cwd, "cut.tar.gz"), bytes.subarray(0, bytes.length - 9));
  await Deno.writeFile(join(cwd, "long.tar.gz"), new Uint8Array([...bytes, 0]));
  await Deno.writeFile(
    join(cwd, "flip.tar.gz"),
    bytes.with(bytes.length >> 1, 255 ^ (bytes[bytes.length >> 1] ?? 0)),
  );
  await Deno.writeTextFile(join(cwd, "text.tar.gz"), "not a package");
  const finished = await Promise.all(
    ["cut", "long", "flip", "text"].flatMap((name) =>
      ["run", "unpack"].map((command) => packflow.run([command, `${name}.tar.gz`], { cwd, code: 5 }))
    ),
  );
  for (const { stderr } of finished) {
    assert.match(stderr, /\[package\.(corrupt|not_a_package|altered_file)\]/);
  }
  const missing = await packflow.run(["verify", "missing.tar.gz"], { cwd, code: 4 });
  assert.match(missing.stderr, /"missing\.tar\.gz".*\[project\.not_found\]/);
  assert.deepEqual(
    await names(cwd),
    ["cut.tar.gz", "flip.tar.gz", "good.tar.gz", "long.tar.gz", "mine", "text.tar.gz"],
  );
});

test("the golden events of a package are never updated", async (packflow, cwd) => {
  await packflow.run(["create", "mine"], { cwd });
  await packflow.run(["package", "mine"], { cwd });
  const before = await Deno.readFile(join(cwd, "mine-0.1.0.tar.gz"));
  const { stderr } = await packflow.run(["test", "mine-0.1.0.tar.gz", "--update"], { cwd, code: 2 });
  assert.match(stderr, /a package never changes \[usage\.invalid\]/);
  assert.deepEqual(await Deno.readFile(join(cwd, "mine-0.1.0.tar.gz")), before);
});

function smuggleInto(source: Uint8Array): Uint8Array {
  return new TextEncoder().encode(SMUGGLED + new TextDecoder().decode(source));
}

async function names(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}
