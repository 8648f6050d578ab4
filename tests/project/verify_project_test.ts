import assert from "node:assert/strict";
import { join } from "node:path";
import { openProject } from "../../lib/project/open_package.ts";
import { verifyProject } from "../../lib/project/verify_project.ts";
import { file } from "../helpers/archives.ts";
import { writeFiles, writeSigned } from "../helpers/signing.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const FILES = [
  file("packflow.jsonc", '{ "name": "sample" }'),
  file("bin/tool", "#!/bin/sh\n", 0o755),
  file("a.txt", "a"),
];

Deno.test("a package tells what it is, a folder what it was signed as, and both who signed", async () => {
  await using temporary = await tempFolder();
  const { path, signature, key, privateKey, files } = await writeSigned(temporary.path, FILES);
  const { id: keyId, hint: keyHint } = privateKey.publicKey;
  const by = { keyId, keyHint, keyFile: key };
  const { package: verified, ...rest } = await verifyProject(path, { keys: [key] });
  assert.deepEqual(rest, { name: "sample", files: 3, ...by });
  assert.equal(verified?.version, "1.2.3");
  const folder = await writeFiles(join(temporary.path, "unpacked"), files);
  const expected = { name: "sample-1.2.3", files: 4, ...by };
  assert.deepEqual(await verifyProject(folder, { keys: [key], signature }), expected);
});

Deno.test("a signed package and its unpacked folder are opened as private copies", async () => {
  await using temporary = await tempFolder();
  const { path, signature, key, files } = await writeSigned(temporary.path, FILES);
  const folder = await writeFiles(join(temporary.path, "unpacked"), files);
  for (const place of [path, folder, join(folder, "packflow.jsonc")]) {
    await using opened = await openProject(place, { trust: { keys: [key], signature } });
    assert.notEqual(opened.folder, folder);
    assert.equal(await Deno.readTextFile(join(opened.folder, "a.txt")), "a");
    assert.equal(((await Deno.stat(join(opened.folder, "bin/tool"))).mode ?? 0) & 0o111, 0o111);
    assert.equal(((await Deno.stat(join(opened.folder, ".."))).mode ?? 0) & 0o077, 0);
  }
  await Deno.copyFile(signature, `${folder}.sig`);
  await verifyProject(folder, { keys: [key] });
  await verifyProject(`${folder}/`, { keys: [key] });
});
