import assert from "node:assert/strict";
import { join } from "node:path";
import { makeKeys } from "../../lib/project/make_keys.ts";
import { parsePrivateKey } from "../../lib/sign/private_key.ts";
import { parsePublicKey } from "../../lib/sign/public_key.ts";
import { rejects } from "../helpers/rejects.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

Deno.test("both files hold the same key, of the curve that was asked for", async () => {
  await using folder = await tempFolder();
  for (const curve of ["P-256", "P-384"] as const) {
    const made = await makeKeys(join(folder.path, curve), curve);
    const mine = await parsePrivateKey(await Deno.readTextFile(made.privateKey), "x");
    const theirs = await parsePublicKey(await Deno.readTextFile(made.publicKey), "x");
    assert.deepEqual([made.keyId, made.keyHint], [theirs.id, theirs.hint]);
    assert.deepEqual([mine.publicKey.id, mine.publicKey.curve.name], [theirs.id, curve]);
  }
});

Deno.test("a pair of keys is written so that the private one is the user's alone, and never overwritten", async () => {
  await using folder = await tempFolder();
  const made = await makeKeys(join(folder.path, "key"), "P-384");
  const mode = async (path: string) => ((await Deno.stat(path)).mode ?? 0) & 0o777;
  if (Deno.build.os !== "windows") assert.equal(await mode(made.privateKey), 0o600);
  const before = await Deno.readTextFile(made.privateKey);
  for (const gone of [made.publicKey, made.privateKey]) {
    await rejects(
      () => makeKeys(join(folder.path, "key"), "P-256"),
      "signature.exists",
      /no file may be there/,
    );
    assert.equal(await Deno.readTextFile(made.privateKey), before);
    await Deno.remove(gone);
    if (gone === made.privateKey) continue;
    await rejects(() => makeKeys(join(folder.path, "key"), "P-256"), "signature.exists", /key\.pem/);
  }
  await rejects(
    () => makeKeys(join(folder.path, "no/key"), "P-256"),
    "signature.unwritable",
    /Cannot write key/,
  );
  assert.deepEqual([...Deno.readDirSync(folder.path)], []);
});
