/** Packages that can be made again: from what was unpacked, and against a SHA-256 that was told. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { FORMATS } from "../helpers/packagers.ts";
import { packflowTests } from "../helpers/packflow.ts";
import { writeReproducible } from "../helpers/reproducible_project.ts";
import { ROOT } from "../../scripts/run_deno.ts";

const test = await packflowTests();
const GOLDEN = join(ROOT, "tests", "golden", "packages.json");

test(
  "unpacking a package and packaging that gives the same bytes, in every format",
  async (packflow, cwd) => {
    await writeReproducible(join(cwd, "project"));
    for (const format of FORMATS) {
      const made = await packflow.json(["package", "project", "--format", format, "--output", format], {
        cwd,
      });
      await packflow.run(["unpack", format, `unpacked from ${format}`], { cwd });
      for (const again of FORMATS) {
        const args = ["package", `unpacked from ${format}`, "--format", again, "--output", "again"];
        const remade = await packflow.json(args, { cwd });
        assert.equal(remade.digest, made.digest, `${format}, then ${again}`);
        if (again === format) assert.equal(remade.sha256, made.sha256, format);
      }
    }
  },
);

test("package --check makes sure of the bytes and writes nothing else", async (packflow, cwd) => {
  await writeReproducible(join(cwd, "project"));
  for (const format of FORMATS) {
    const args = ["package", "project", "--format", format, "--output"];
    const { sha256 } = await packflow.json([...args, "first"], { cwd });
    await packflow.run([...args, "second", "--check", String(sha256)], { cwd });
    assert.deepEqual(await Deno.readFile(join(cwd, "second")), await Deno.readFile(join(cwd, "first")));
    await Deno.remove(join(cwd, "second"));

    const other = "0".repeat(64);
    const { stderr, code } = await packflow.run([...args, "third", "--check", other], { cwd, code: "any" });
    assert.notEqual(code, 0);
    assert.ok(stderr.includes(other) && stderr.includes(String(sha256)), stderr);
    await assert.rejects(Deno.stat(join(cwd, "third")), Deno.errors.NotFound);
    await packflow.run([...args, "third", "--check", "12"], { cwd, code: 2 });
  }
});

test("a fixed project gives the packages that it always gave", async (packflow, cwd) => {
  await writeReproducible(join(cwd, "project"));
  const made: Record<string, unknown> = {};
  for (const format of FORMATS) {
    const report = await packflow.json(["package", "project", "--format", format, "--output", format], {
      cwd,
    });
    made[format] = report.sha256;
    made.digest = report.digest;
  }
  assert.deepEqual(
    made,
    JSON.parse(await Deno.readTextFile(GOLDEN)),
    "Equal files no longer give equal packages. Was that the aim? Then say so in CHANGELOG.md and put the new " +
      `values into ${GOLDEN}. The digest stays where only the container changed; where it changed too, look at ` +
      "the bundle and the SBOM with packflow diff: a new version of Packflow or of what it compiles with does that",
  );
});
