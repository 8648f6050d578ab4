/** Archives damaged at random, from fixed seeds: refused, or read as every other reader reads them. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { bytesSource } from "../../lib/archive/byte_source.ts";
import { Limits } from "../../lib/archive/limits.ts";
import { archiveFormat, readArchive } from "../../lib/archive/read_archive.ts";
import { verifyPackage } from "../../lib/archive/verify_package.ts";
import { PackflowError } from "../../lib/base/errors.ts";
import { seenByPython, type SeenFile } from "../helpers/archive_tools.ts";
import { archive, file, FORMATS, packed, readFiles } from "../helpers/archives.ts";
import { figure, randomFrom } from "../helpers/echo_run.ts";
import { gzip, join } from "../helpers/raw_tar.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const FILES = [
  file("packflow.jsonc", "{}\n"),
  file("bin/tool", "#!/bin/sh\n".repeat(9), 0o755),
  file("a/text.txt", "some text that compresses, ".repeat(60)),
  file("a/noise.bin", Uint8Array.from({ length: 900 }, (_, at) => Math.imul(at, at + 7) >> 3)),
  file("empty", ""),
];
const EXECUTIONS = 6000;

/** A number below another. */
type Below = (end: number) => number;

const MUTATIONS: Record<string, (bytes: Uint8Array, below: Below) => Uint8Array> = {
  truncate: (bytes, below) => bytes.subarray(0, below(bytes.length)),
  flip: (bytes, below) => {
    const copy = bytes.slice();
    for (let count = below(4); count >= 0; count--) {
      const at = below(copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << below(8));
    }
    return copy;
  },
  set: (bytes, below) =>
    bytes.slice().fill([0, 255, 80, 31, 127][below(5)] ?? 0, below(bytes.length), below(bytes.length)),
  splice: (bytes, below) => {
    const [from, to, at] = [below(bytes.length), below(bytes.length), below(bytes.length)];
    const piece = bytes.subarray(Math.min(from, to), Math.max(from, to));
    return join(bytes.subarray(0, at), piece, bytes.subarray(at));
  },
  duplicate: (bytes, below) => {
    const [from, to] = [below(bytes.length), below(bytes.length)].sort((a, b) => a - b);
    return join(bytes.subarray(0, to), bytes.subarray(from));
  },
  remove: (bytes, below) => {
    const at = below(bytes.length);
    return join(bytes.subarray(0, at), bytes.subarray(at + 1 + below(40)));
  },
  swap: (bytes, below) => {
    const copy = bytes.slice();
    const [a, b, length] = [below(bytes.length), below(bytes.length), 1 + below(64)];
    copy.set(bytes.subarray(a, Math.min(a + length, bytes.length - b + a)), b);
    copy.set(bytes.subarray(b, Math.min(b + length, bytes.length - a + b)), a);
    return copy;
  },
};

/** Reads an archive as its reader does, and as a package; says whether it was read. */
async function reads(bytes: Uint8Array): Promise<boolean> {
  const attempt = async (use: () => Promise<unknown>) => {
    try {
      await use();
      return true;
    } catch (error) {
      assert.ok(error instanceof PackflowError, `seeded input: ${Deno.inspect(error)}`);
      assert.match(error.code, /^package\./);
      return false;
    }
  };
  const source = bytesSource(bytes);
  const verified = await attempt(async () =>
    verifyPackage(readArchive(source, await archiveFormat(source), new Limits()))
  );
  const read = await attempt(() => readFiles(bytes));
  assert.ok(read || !verified, "what verifies can be read");
  return read;
}

for (const format of FORMATS) {
  Deno.test(`A13: ${format} damaged at random`, async () => {
    const good = await archive(await packed(FILES), format);
    const inner = format === "tar.gz" ? new Uint8Array(gunzipSync(good)) : undefined;
    const kept: Uint8Array[] = [];
    for (let seed = 0; seed < EXECUTIONS; seed++) {
      const random = randomFrom(seed);
      const below: Below = (end) => Math.floor(random() * end);
      const kinds = Object.values(MUTATIONS);
      // Every other time what gzip's own checksum would catch is let through to the reader of the tar.
      let bytes: Uint8Array = inner !== undefined && seed % 2 === 0 ? inner : good;
      const wrap = bytes === inner;
      for (let count = below(3); count >= 0; count--) {
        bytes = kinds[below(kinds.length)]?.(bytes, below) ?? bytes;
      }
      if (wrap) bytes = gzip(bytes);
      if (await reads(bytes)) kept.push(bytes);
    }
    const compared = await compareWithPython(kept, format);
    figure(
      `A13 ${format}: ${EXECUTIONS} damaged archives, ${
        EXECUTIONS - kept.length
      } refused, ${kept.length} read, ` +
        `${compared}, crashes 0`,
    );
  });
}

/** Python must see the same files in every archive that was read here. */
async function compareWithPython(archives: readonly Uint8Array[], format: string): Promise<string> {
  await using folder = await tempFolder();
  const paths = archives.map((_, at) => `${folder.path}/${at}.${format}`);
  for (const [at, path] of paths.entries()) await Deno.writeFile(path, archives[at] ?? new Uint8Array());
  const seen = await seenByPython(paths);
  if (seen === undefined) return "not compared as there is no Python";
  let differences = 0;
  for (const [at, bytes] of archives.entries()) {
    const expected = (await readFiles(bytes)).map(({ path, mode, data }): SeenFile => ({
      path,
      mode,
      sha256: hash(data),
    }));
    if (JSON.stringify(seen[at]) !== JSON.stringify(expected)) differences++;
  }
  assert.equal(differences, 0, "Python sees other files");
  return `${archives.length} the same in Python`;
}
