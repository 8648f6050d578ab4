import assert from "node:assert/strict";
import { bytesSource } from "../../lib/archive/byte_source.ts";
import { Limits } from "../../lib/archive/limits.ts";
import { archiveFormat, readArchive } from "../../lib/archive/read_archive.ts";
import { archive, file, FORMATS } from "../helpers/archives.ts";

Deno.test("the first bytes tell the format", async () => {
  for (const format of FORMATS) {
    assert.equal(await archiveFormat(bytesSource(await archive([file("a", "x")], format))), format);
  }
  for (const bytes of [[], [31], [0x78, 0x9c], [0x50, 0x4c], [66, 90, 104]]) {
    const told = archiveFormat(bytesSource(Uint8Array.from(bytes)));
    await assert.rejects(told, { code: "package.not_a_package" });
  }
});

Deno.test("files that nobody takes are passed by", async () => {
  for (const format of FORMATS) {
    const bytes = await archive([file("a", "x".repeat(5000)), file("b", "y")], format);
    const paths: string[] = [];
    for await (const { path } of readArchive(bytesSource(bytes), format, new Limits())) paths.push(path);
    assert.deepEqual(paths, ["a", "b"]);
  }
});
