/** docs/package-format.md says what is so: its example, and a reader in Python that was written from it alone. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { bytesContent, type Entry } from "../../lib/archive/entry.ts";
import { sha256 } from "../../lib/archive/sha256.ts";
import { makePackageManifest, manifestBytes } from "../../lib/archive/package_manifest.ts";
import { encodeCentral, encodeEnd, encodeLocal } from "../../lib/archive/zip_records.ts";
import { ROOT } from "../../scripts/run_deno.ts";
import { randomFrom } from "../helpers/echo_run.ts";
import { FORMATS } from "../helpers/packagers.ts";
import { testFromSource } from "../helpers/packflow.ts";
import { reproducibleProject, writeReproducible } from "../helpers/reproducible_project.ts";

const READER = join(ROOT, "tests", "interop", "read_package.py");
/** How many times one bit of a package is altered. */
const FLIPS = 16;
const encoder = new TextEncoder();

const text = await Deno.readTextFile(join(ROOT, "docs", "package-format.md"));
const example = (language: string) => text.split(`\`\`\`${language}\n`)[1]?.split("```\n")[0] ?? "";

Deno.test("the example of docs/package-format.md is what Packflow makes of its two files", async () => {
  const entry = (path: string, mode: Entry["mode"], data: string): Entry => ({
    path,
    mode,
    content: bytesContent(encoder.encode(data)),
  });
  const entries = [entry("run.sh", 0o755, "#!/bin/sh\n"), entry("data/größe.txt", 0o644, "abc")];
  const manifest = await makePackageManifest(entries, { name: "hello", version: "1.0.0" });
  assert.equal(new TextDecoder().decode(manifestBytes(manifest)), example("json"));
  assert.equal(manifest.digest, `sha256:${await sha256(encoder.encode(example("text")))}`);
});

/** The program `python3`, or why it cannot be used. */
async function findPython(): Promise<string | undefined> {
  try {
    const { success } = await new Deno.Command("python3", {
      args: ["-c", "import sys; sys.exit(sys.version_info < (3, 8))"],
    })
      .output();
    return success ? "python3" : undefined;
  } catch {
    return undefined;
  }
}

const python = await findPython();
if (python === undefined) {
  Deno.test.ignore("reader in Python: SKIPPED as there is no python3 of version 3.8 or later", () => {});
}

/** What the reader in Python says of a file. */
async function readWithPython(path: string) {
  const { code, stdout, stderr } = await new Deno.Command(python ?? "", { args: [READER, path] }).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

/** Prints what the reader in Python makes of the zip records whose numbers it is given as JSON. */
const PRINT_RECORDS = `
import json, sys
sys.path.insert(0, sys.argv[1])
import read_package as reader
for line in sys.stdin:
    record = json.loads(line)
    parts = [reader.zip_end(*record)] if len(record) == 3 else reader.zip_records(*record)
    print(b"".join(parts).hex())
`;

if (python !== undefined) {
  Deno.test("a reader in Python knows the zip records of what is too large to try", async () => {
    const [max16, max32] = [0xffff, 0xffff_ffff];
    const sizes = [[1, 2], [max32 - 1, max32 - 1], [max32, max32], [7, max32], [
      2 ** 33 - 1,
      2 ** 33 - 1,
    ]] as const;
    const given: unknown[][] = [];
    const expected: string[] = [];
    for (const [packed, size] of sizes) {
      for (const offset of [0, max32 - 1, max32, 2 ** 34]) {
        given.push(["a/ü", 0o755, packed === size ? 0 : 8, 0x21_0000, 5, packed, size, offset]);
        const numbers = { crc: 5, packed, size, offset, time: 0x21_0000 };
        const kind = { name: encoder.encode("a/ü"), mode: 0o755, method: packed === size ? 0 : 8 } as const;
        const record = { ...numbers, ...kind };
        expected.push(encodeLocal(record).toHex() + encodeCentral(record).toHex());
      }
    }
    for (const count of [1, max16 - 1, max16, max16 + 1]) {
      for (const [size, offset] of [[9, 8], [9, max32 - 1], [9, max32], [max32, 2 ** 34]] as const) {
        given.push([count, size, offset]);
        expected.push(encodeEnd({ count, size, offset }).toHex());
      }
    }
    const lines = given.map((record) => JSON.stringify(record)).join("\n");
    const args = ["-B", "-c", PRINT_RECORDS, join(READER, "..")];
    const child = new Deno.Command("python3", { args, stdin: "piped", stdout: "piped" }).spawn();
    const [{ stdout }] = await Promise.all([child.output(), new Blob([lines]).stream().pipeTo(child.stdin)]);
    assert.deepEqual(new TextDecoder().decode(stdout).trimEnd().split("\n"), expected);
  });

  for (const format of FORMATS) {
    testFromSource(`a reader in Python finds in a ${format} what was put in`, async (packflow, cwd) => {
      await writeReproducible(join(cwd, "project"));
      // one file that is stored, and one whose path needs both fields of ustar
      await Deno.writeFile(join(cwd, "project", "weights.bin"), new Uint8Array(17 * 1024 * 1024).fill(7));
      const long = join(
        cwd,
        "project",
        "a-folder-of-some-length".repeat(3),
        "and-another-of-the-kind".repeat(2),
      );
      await Deno.mkdir(long, { recursive: true });
      await Deno.writeTextFile(join(long, "file.txt"), "long");
      const made = await packflow.json(["package", "project", "--output", "made", "--format", format], {
        cwd,
      });
      const { code, stdout, stderr } = await readWithPython(join(cwd, "made"));
      assert.equal(code, 0, stderr);
      const read: { name: string; digest: string; files: Record<string, string> } = JSON.parse(stdout);
      assert.deepEqual([read.name, read.digest], ["reproducible", made.digest]);
      for (const [path, { data }] of await reproducibleProject()) {
        if (path.startsWith("node_modules/")) continue;
        const bytes = typeof data === "string" ? encoder.encode(data) : data;
        assert.equal(read.files[path], await sha256(bytes), path);
      }
      assert.ok(Object.keys(read.files).some((path) => path.length > 100 && path.endsWith("/file.txt")));
      assert.ok("weights.bin" in read.files);
    });

    testFromSource(
      `a reader in Python and ours refuse the same altered ${format}s`,
      async (packflow, cwd) => {
        await packflow.run(["create", "mine"], { cwd });
        const { digest } = await packflow.json(["package", "mine", "--output", "made", "--format", format], {
          cwd,
        });
        const bytes = await Deno.readFile(join(cwd, "made"));
        const random = randomFrom(11);
        let refused = 0;
        for (let index = 0; index < FLIPS; index++) {
          const at = Math.floor(random() * bytes.length);
          const path = join(cwd, `altered-${index}`);
          await Deno.writeFile(path, bytes.with(at, (bytes[at] ?? 0) ^ (1 << Math.floor(8 * random()))));
          const [python, ours] = await Promise.all([
            readWithPython(path),
            packflow.run(["verify", path, "--json"], { cwd, code: "any" }),
          ]);
          assert.deepEqual(
            [python.code, ours.code],
            python.code === 0 ? [0, 0] : [1, 5],
            `byte ${at}: ${python.stderr}`,
          );
          // a few bits say nothing, such as those that fill the last byte of compressed data
          if (python.code === 0) assert.equal(JSON.parse(python.stdout).digest, digest, `byte ${at}`);
          else refused++;
        }
        assert.ok(refused >= FLIPS - 2, `${refused}`);
      },
    );
  }
}
