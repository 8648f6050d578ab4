import assert from "node:assert/strict";
import { fileContent, openRandomReader } from "../../lib/host/file_content.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const BYTES = Uint8Array.from({ length: 700_000 }, (_, at) => at % 251);

Deno.test("a file's content is read again and again, in pieces", async () => {
  await using folder = await tempFolder();
  await Deno.writeFile(`${folder.path}/a`, BYTES);
  const content = fileContent(`${folder.path}/a`);
  assert.equal(content.size, BYTES.length);
  for (let time = 0; time < 2; time++) {
    const pieces = await Array.fromAsync(content.chunks());
    assert.ok(pieces.length > 1);
    assert.deepEqual(new Uint8Array(await new Blob(pieces).arrayBuffer()), BYTES);
  }
});

Deno.test("a file that grew or shrank is an error, and so is one that is not there", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/a`;
  assert.throws(() => fileContent(path), Deno.errors.NotFound);
  await Deno.writeFile(path, BYTES);
  const content = fileContent(path);
  for (const length of [BYTES.length - 1, BYTES.length + 1, 0]) {
    await Deno.truncate(path, length);
    await assert.rejects(Array.fromAsync(content.chunks()), /changed while it was read/);
  }
});

Deno.test("a reader gives any part of a file, less where it ends", async () => {
  await using folder = await tempFolder();
  await Deno.writeFile(`${folder.path}/a`, BYTES);
  using reader = await openRandomReader(`${folder.path}/a`);
  assert.equal(reader.size, BYTES.length);
  for (
    const [at, length] of [[5, 10], [0, 700_000], [15, 0], [699_990, 100], [800_000, 5], [5, 10]] as const
  ) {
    assert.deepEqual(await reader.read(at, length), BYTES.slice(at, at + length));
  }
  await assert.rejects(openRandomReader(folder.path), Deno.errors.IsADirectory);
});
