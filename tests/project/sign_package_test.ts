import assert from "node:assert/strict";
import { join } from "node:path";
import { makeKeys } from "../../lib/project/make_keys.ts";
import { signPackage } from "../../lib/project/sign_package.ts";
import { verifyProject } from "../../lib/project/verify_project.ts";
import { archive, file, packed } from "../helpers/archives.ts";
import { rejects } from "../helpers/rejects.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const FILES = [file("packflow.jsonc", '{ "name": "sample" }'), file(".gitignore", "*.tmp\n"), file("a", "b")];

async function setUp(folder: string) {
  const path = join(folder, "sample.tar.gz");
  await Deno.writeFile(path, await archive(await packed(FILES)));
  return { path, keys: await makeKeys(join(folder, "key"), "P-256") };
}

Deno.test("a package that was signed is verified, and stays as it was", async () => {
  await using folder = await tempFolder();
  const { path, keys } = await setUp(folder.path);
  const before = await Deno.readFile(path);
  const signed = await signPackage({ path, key: keys.privateKey });
  assert.deepEqual([signed.name, signed.version, signed.files], ["sample", "1.2.3", 3]);
  assert.deepEqual([signed.signature, signed.keyId], [`${path}.sig`, keys.keyId]);
  const verified = await verifyProject(path, { keys: [keys.publicKey] });
  assert.deepEqual([verified.keyId, verified.package?.digest], [keys.keyId, signed.digest]);
  assert.deepEqual(await Deno.readFile(path), before);
  const again = await signPackage({ path, key: keys.privateKey });
  assert.equal(again.signature, signed.signature, "a signature may be made anew");
});

Deno.test("an altered package is not signed, and nothing but a signature is overwritten", async () => {
  await using folder = await tempFolder();
  const { path, keys } = await setUp(folder.path);
  for (const output of [path, keys.privateKey, keys.publicKey]) {
    const before = await Deno.readFile(output);
    await rejects(
      () => signPackage({ path, key: keys.privateKey, output }),
      "signature.exists",
      /earlier signature/,
    );
    assert.deepEqual(await Deno.readFile(output), before);
  }
  const output = join(folder.path, "no", "x.sig");
  await rejects(
    () => signPackage({ path, key: keys.privateKey, output }),
    "signature.unwritable",
    /Cannot write/,
  );
  await rejects(
    () => signPackage({ path, key: join(folder.path, "no") }),
    "signature.unreadable",
    /there is no such file$/,
  );
  await rejects(() => signPackage({ path, key: keys.publicKey }), "signature.invalid_key", /a public key$/);
  const files = await packed(FILES);
  await Deno.writeFile(path, await archive([...files, file("extra", "")]));
  await rejects(() => signPackage({ path, key: keys.privateKey }), "package.unlisted_file", /"extra"/);
  assert.deepEqual([...Deno.readDirSync(folder.path)].map(({ name }) => name).sort(), [
    "key.pem",
    "key.pub.pem",
    "sample.tar.gz",
  ]);
});
