import assert from "node:assert/strict";
import { join } from "node:path";
import { openProject } from "../../lib/project/open_package.ts";
import { verifyProject } from "../../lib/project/verify_project.ts";
import { signFiles } from "../../lib/sign/signature.ts";
import { archive, file, packed } from "../helpers/archives.ts";
import { rejects } from "../helpers/rejects.ts";
import { digestsOf, newKey, writeSigned } from "../helpers/signing.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const FILES = [
  file("packflow.jsonc", '{ "name": "sample" }'),
  file("bin/tool", "#!/bin/sh\n", 0o755),
  file("a.txt", "a"),
];

Deno.test("without a signature, without its key, or with a broken file nothing is opened", async () => {
  await using temporary = await tempFolder();
  const { path, signature, key } = await writeSigned(temporary.path, FILES);
  const open = (trust: { keys: string[]; signature?: string }) => () => openProject(path, { trust });
  const other = join(temporary.path, "other.pub.pem");
  await Deno.writeTextFile(other, (await newKey()).publicKey.pem);
  await rejects(open({ keys: [] }), "signature.unknown_key", /none was named$/);
  await rejects(open({ keys: [other] }), "signature.unknown_key", /other\.pub\.pem/);
  await (await openProject(path, { trust: { keys: [other, key] } }))[Symbol.asyncDispose]();
  // one that cannot be read is told, though another would do
  await rejects(open({ keys: [key, `${key}.no`] }), "signature.unreadable", /there is no such file$/);
  await rejects(open({ keys: [path] }), "signature.invalid_key", /no PEM block$/);
  await rejects(open({ keys: [temporary.path] }), "signature.unreadable", /Cannot read key/);
  await rejects(open({ keys: [key], signature: path }), "signature.invalid_bundle", /must be UTF-8/);
  await rejects(open({ keys: [key], signature: temporary.path }), "signature.unreadable", /cannot be read/);
  await Deno.remove(signature);
  await rejects(open({ keys: [key] }), "signature.not_found", /there is no ".*\.tar\.gz\.sig"$/);
  await rejects(() => verifyProject(`${path}x`, { keys: [key] }), "project.not_found", /no such file/);
});

Deno.test("a package is compared with what was signed, its list of files among it", async () => {
  await using temporary = await tempFolder();
  const { path, signature, key, privateKey, files } = await writeSigned(temporary.path, FILES);
  const trust = { keys: [key] };
  const repack = async (changed: typeof FILES) => Deno.writeFile(path, await archive(await packed(changed)));
  const [first, ...rest] = FILES;
  assert.ok(first !== undefined);
  await repack([...FILES, file("extra", "")]);
  await rejects(() => openProject(path, { trust }), "signature.unsigned_file", /"extra"/);
  await repack(rest);
  await rejects(() => openProject(path, { trust }), "signature.missing_file", /"packflow\.jsonc"/);
  await repack([...rest, file("packflow.jsonc", '{ "name": "other" }')]);
  await rejects(
    () => openProject(path, { trust }),
    "signature.altered_file",
    /"(MANIFEST\.json|packflow\.jsonc)"/,
  );
  // the mode is in no digest but that of the list
  await repack([first, ...rest.map((each) => ({ ...each, mode: 0o755 as const }))]);
  await rejects(() => openProject(path, { trust }), "signature.altered_file", /"MANIFEST\.json"/);
  // Git's own files, which need not be signed, are in the list that is
  await repack([...FILES, file(".gitignore", "")]);
  await rejects(() => openProject(path, { trust }), "signature.altered_file", /"MANIFEST\.json"/);
  await Deno.writeFile(path, await archive(files));
  await verifyProject(path, trust);
  const digests = await digestsOf(files.filter((each) => each.path !== "MANIFEST.json"));
  await Deno.writeFile(signature, await signFiles("sample", digests, privateKey));
  await rejects(() => openProject(path, { trust }), "signature.unsigned_file", /"MANIFEST\.json"/);
});
