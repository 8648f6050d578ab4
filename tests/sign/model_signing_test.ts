/** The PyPI tool model-signing itself, in an environment of its own: what either side signs, the other verifies. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { readPackage } from "../../lib/project/open_package.ts";
import { makeKeys } from "../../lib/project/make_keys.ts";
import { packageProject } from "../../lib/project/package_project.ts";
import { signPackage } from "../../lib/project/sign_package.ts";
import { verifyProject } from "../../lib/project/verify_project.ts";
import { CURVE_NAMES } from "../../lib/sign/curve.ts";
import { ModelSigning } from "../../scripts/model_signing.ts";
import { writeBackendProject } from "../helpers/backend_project.ts";
import { rejects } from "../helpers/rejects.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const found = await ModelSigning.find();
if ("missing" in found) {
  if (Deno.env.get("CI") === "true") throw new Error(`model-signing cannot be had: ${found.missing}`);
  Deno.test.ignore(`model-signing: SKIPPED as it cannot be had: ${found.missing}`, () => {});
} else for (const curve of CURVE_NAMES) register(curve, found);

function register(curve: typeof CURVE_NAMES[number], tool: ModelSigning): void {
  Deno.test(`${curve}: the tool verifies the unpacked files of a package that was signed here`, async () => {
    await using temporary = await tempFolder();
    const { path, folder, keys } = await unpacked(temporary.path, curve);
    const { signature } = await signPackage({ path, key: keys.privateKey });
    const question = { folder, key: keys.publicKey, signature };
    assert.equal(await tool.complaint(question), undefined);
    const other = await makeKeys(join(temporary.path, "other"), curve);
    assert.match(await tool.complaint({ ...question, key: other.publicKey }) ?? "", /Key mismatch/);
    await Deno.writeTextFile(join(folder, "LICENSE"), "Altered");
    assert.match(await tool.complaint(question) ?? "", /Hash mismatch for .*LICENSE/);
  });

  Deno.test(`${curve}: what the tool signed is verified here, as a package and as a folder`, async () => {
    await using temporary = await tempFolder();
    const { path, folder, keys } = await unpacked(temporary.path, curve);
    const trust = { keys: [keys.publicKey], signature: join(folder, "model.sig") };
    await tool.sign({ folder, key: keys.privateKey, signature: trust.signature });
    for (const place of [folder, path]) {
      const verified = await verifyProject(place, trust);
      assert.equal(verified.keyId, keys.keyId);
    }
    await Deno.writeTextFile(join(folder, "LICENSE"), "Altered");
    await rejects(() => verifyProject(folder, trust), "signature.altered_file", /"LICENSE"/);
    await Deno.writeTextFile(join(folder, "extra"), "");
    await rejects(() => verifyProject(folder, trust), "signature.unsigned_file", /"extra"/);
    await Deno.remove(join(folder, "extra"));
    await Deno.remove(join(folder, "LICENSE"));
    await rejects(() => verifyProject(folder, trust), "signature.missing_file", /"LICENSE"/);
  });

  Deno.test(`${curve}: Git's files may be signed too; what the tool leaves out or links is refused here`, async () => {
    await using temporary = await tempFolder();
    const { path, folder, keys } = await unpacked(temporary.path, curve);
    const trust = { keys: [keys.publicKey], signature: join(temporary.path, "tool.sig") };
    const job = { folder, key: keys.privateKey, signature: trust.signature };
    await tool.sign({ ...job, args: ["--no-ignore-git-paths"] });
    await verifyProject(path, trust);
    await verifyProject(folder, trust);
    await Deno.writeTextFile(join(folder, ".gitignore"), "# altered\n");
    await rejects(() => verifyProject(folder, trust), "signature.altered_file", /"\.gitignore"/);
    await tool.sign({ ...job, args: ["--ignore-paths", join(folder, "LICENSE")] });
    for (const place of [folder, path]) {
      await rejects(() => verifyProject(place, trust), "signature.unsigned_file", /"LICENSE"/);
    }
    await Deno.symlink("LICENSE", join(folder, "link"));
    await tool.sign({ ...job, args: ["--allow_symlinks"] });
    await rejects(
      () => verifyProject(folder, trust),
      "signature.unsupported",
      /allow_symlinks must be false/,
    );
  });
}

/** A package of a project that has a `.gitignore`, its files unpacked, and a pair of keys. */
async function unpacked(at: string, curve: typeof CURVE_NAMES[number]) {
  await using project = await writeBackendProject({ ".gitignore": "*.tmp\n", "data/é": "", "data.txt": "x" });
  const { path } = await packageProject({ folder: project.folder, output: at });
  const folder = join(at, "unpacked");
  await (await readPackage(path)).unpack(folder);
  return { path, folder, keys: await makeKeys(join(at, "key"), curve) };
}
