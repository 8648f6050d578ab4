import assert from "node:assert/strict";
import { join } from "node:path";
import { checkFolder } from "../../lib/project/signed_folder.ts";
import { openProject } from "../../lib/project/open_package.ts";
import { verifyProject } from "../../lib/project/verify_project.ts";
import { file } from "../helpers/archives.ts";
import { rejects } from "../helpers/rejects.ts";
import { digestsOf, writeFiles, writeSigned } from "../helpers/signing.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const FILES = [
  file("packflow.jsonc", '{ "name": "sample" }'),
  file("bin/tool", "#!/bin/sh\n", 0o755),
  file("a.txt", "a"),
];

Deno.test("a folder is what was signed, with its signature in it or beside it, and can be copied as it is", async () => {
  await using temporary = await tempFolder();
  const folder = await writeFiles(join(temporary.path, "folder"), FILES);
  const signed = await digestsOf(FILES);
  await checkFolder(signed, folder, { signature: join(temporary.path, "folder.sig") });
  await Deno.writeTextFile(join(folder, "model.sig"), "");
  const copyTo = join(temporary.path, "copy");
  await checkFolder(signed, folder, { signature: join(folder, "model.sig"), copyTo });
  assert.deepEqual([...Deno.readDirSync(copyTo)].map(({ name }) => name).sort(), [
    "a.txt",
    "bin",
    "packflow.jsonc",
  ]);
  const refused = () => checkFolder(signed, folder, { signature: join(folder, "bin", "model.sig") });
  await rejects(refused, "signature.unsigned_file", /"model\.sig"/);
});

Deno.test("what Git has for itself is neither needed nor copied", async () => {
  await using temporary = await tempFolder();
  const { signature, key, files } = await writeSigned(temporary.path, FILES);
  const git = [file(".git/config", ""), file(".github/x.ts", ""), file(".gitignore", "")];
  const folder = await writeFiles(join(temporary.path, "unpacked"), [...files, ...git]);
  await Deno.symlink("/", join(folder, ".git", "link"));
  await using opened = await openProject(folder, { trust: { keys: [key], signature } });
  const names = [...Deno.readDirSync(opened.folder)].map(({ name }) => name).sort();
  assert.deepEqual(names, ["MANIFEST.json", "a.txt", "bin", "packflow.jsonc"]);
});

Deno.test("a folder with anything else is refused, and no copy is left behind", async () => {
  await using temporary = await tempFolder();
  const { signature, key, files } = await writeSigned(temporary.path, FILES);
  const trust = { keys: [key], signature };
  const changes: [(folder: string) => Promise<void>, string, RegExp][] = [
    [(folder) => Deno.writeTextFile(join(folder, "extra"), ""), "unsigned_file", /"extra"/],
    [
      (folder) => Deno.writeTextFile(join(folder, "bin/.gitignore"), ""),
      "unsigned_file",
      /"bin\/.gitignore"/,
    ],
    [(folder) => Deno.remove(join(folder, "a.txt")), "missing_file", /"a\.txt"/],
    [(folder) => Deno.rename(join(folder, "a.txt"), join(folder, "b.txt")), "unsigned_file", /"b\.txt"/],
    [(folder) => Deno.writeTextFile(join(folder, "a.txt"), "b"), "altered_file", /"a\.txt"/],
    [(folder) => Deno.writeTextFile(join(folder, "a.txt"), ""), "altered_file", /"a\.txt"/],
    [(folder) => Deno.symlink("a.txt", join(folder, "link")), "unsafe_file", /"link".* is a link$/],
    [(folder) => Deno.symlink("bin", join(folder, "bin2")), "unsafe_file", /"bin2"/],
    [
      async (folder) => {
        await Deno.rename(join(folder, "a.txt"), join(temporary.path, "elsewhere"));
        await Deno.symlink(join(temporary.path, "elsewhere"), join(folder, "a.txt"));
      },
      "unsafe_file",
      /"a\.txt"/,
    ],
  ];
  const copies = () =>
    [...Deno.readDirSync(Deno.env.get("TMPDIR") ?? "/tmp")].map(({ name }) => name)
      .filter((name) => name.startsWith("packflow-") && !name.startsWith("packflow-test-"));
  const before = copies();
  for (const [index, [change, reason, message]] of changes.entries()) {
    const folder = await writeFiles(join(temporary.path, `${index}`), files);
    await change(folder);
    await rejects(() => verifyProject(folder, trust), `signature.${reason}`, message);
    await rejects(() => openProject(folder, { trust }), `signature.${reason}`, message);
  }
  assert.deepEqual(copies().filter((name) => !before.includes(name)), []);
});
