/** What the PyPI tool model-signing 1.1.1 signed: fixtures that scripts/sign_vectors.ts makes. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { openProject } from "../../lib/project/open_package.ts";
import { verifyProject } from "../../lib/project/verify_project.ts";
import { CURVE_NAMES } from "../../lib/sign/curve.ts";
import { makeStatement, parseStatement } from "../../lib/sign/statement.ts";
import { readBundle, writeBundle } from "../../lib/sign/bundle.ts";
import { archive, file, FORMATS } from "../helpers/archives.ts";
import { rejects } from "../helpers/rejects.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const HOME = new URL("../fixtures/model_signing/", import.meta.url).pathname;
const FOLDER = join(HOME, "files");

async function files() {
  const paths = ["MANIFEST.json", ".gitignore", "README.md", "data.txt", "data/empty"];
  paths.push("données/größe.json", "packflow.jsonc");
  return await Promise.all(paths.map(async (path) => file(path, await Deno.readFile(join(FOLDER, path)))));
}

for (const curve of CURVE_NAMES) {
  const key = join(HOME, `${curve}.pub.pem`);
  const signature = join(HOME, `${curve}.sig`);
  const trust = { keys: [key], signature };

  Deno.test(`${curve}: a folder that the tool signed is verified, and opened as a copy`, async () => {
    const { name, files, keyFile } = await verifyProject(FOLDER, trust);
    assert.deepEqual([name, files, keyFile], ["files", 6, key]);
    await using opened = await openProject(FOLDER, { trust });
    assert.equal(opened.manifest.name, "vectors");
    assert.equal(await Deno.readTextFile(join(opened.folder, "données/größe.json")), "{}\n");
    await assert.rejects(Deno.stat(join(opened.folder, ".gitignore")), Deno.errors.NotFound);
  });

  for (const format of FORMATS) {
    Deno.test(`${curve}: a ${format} package is verified by the tool's signature of its unpacked files`, async () => {
      await using folder = await tempFolder();
      const path = join(folder.path, `vectors.${format}`);
      await Deno.writeFile(path, await archive(await files(), format));
      const verified = await verifyProject(path, trust);
      assert.deepEqual([verified.name, verified.package?.version, verified.files], ["vectors", "1.0.0", 6]);
    });
  }

  Deno.test(`${curve}: the signature of one curve is refused with the key of the other`, async () => {
    const other = CURVE_NAMES.find((name) => name !== curve);
    const keys = [join(HOME, `${other}.pub.pem`)];
    await rejects(() => verifyProject(FOLDER, { keys, signature }), "signature.unknown_key", /trusted/);
  });

  Deno.test(`${curve}: the file is written as the tool writes it, and the statement says the same`, async () => {
    const bytes = await Deno.readFile(signature);
    const { key, payload, signature: der } = readBundle(bytes);
    assert.ok("hint" in key);
    assert.deepEqual(writeBundle({ hint: key.hint, payload, signature: der }), new Uint8Array(bytes));
    const theirs = JSON.parse(new TextDecoder().decode(payload));
    const { name, files } = await parseStatement(payload);
    const ours = JSON.parse(new TextDecoder().decode(await makeStatement(name, files)));
    // the tool sorts names by their parts, the specification by their code points
    const names = (statement: typeof ours) =>
      statement.predicate.resources.map((each: { name: string }) => each.name);
    assert.notDeepEqual(names(ours), names(theirs));
    ours.predicate.resources.sort((a: { name: string }, b: { name: string }) =>
      names(theirs).indexOf(a.name) - names(theirs).indexOf(b.name)
    );
    ours.subject[0].digest = theirs.subject[0].digest;
    // in any order, as Python's sets have it
    theirs.predicate.serialization.ignore_paths.sort();
    assert.deepEqual(ours, theirs);
  });
}
