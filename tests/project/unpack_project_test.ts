import assert from "node:assert/strict";
import { packageProject } from "../../lib/project/package_project.ts";
import { unpackProject } from "../../lib/project/unpack_project.ts";
import { writeBackendProject } from "../helpers/backend_project.ts";
import { rejects } from "../helpers/rejects.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

async function paths(folder: string, prefix = ""): Promise<string[]> {
  const found = await Array.fromAsync(
    Deno.readDir(`${folder}/${prefix}`),
    async ({ name, isDirectory }) =>
      isDirectory ? await paths(folder, `${prefix}${name}/`) : [`${prefix}${name}`],
  );
  return found.flat().sort();
}

Deno.test("unpacks all files, or those that the patterns name, of every format", async () => {
  await using project = await writeBackendProject({ "docs/a.md": "a", "docs/b.txt": "b" });
  await using temp = await tempFolder();
  for (const format of ["tar.gz", "zip", "oci"] as const) {
    const made = await packageProject({ folder: project.folder, output: temp.path, format });
    const unpack = async (name: string, filter: string[]) => {
      const folder = `${temp.path}/${format}-${name}`;
      const unpacked = await unpackProject(made.path, { folder, filter });
      assert.deepEqual([unpacked.path, unpacked.digest, unpacked.name], [folder, made.digest, "double"]);
      const found = await paths(folder);
      assert.equal(found.filter((path) => path !== "MANIFEST.json").length, unpacked.files);
      return found;
    };
    assert.deepEqual(
      await unpack("all", []),
      ["MANIFEST.json", ...made.files.map(({ path }) => path)].sort(),
    );
    assert.deepEqual(await unpack("docs", ["docs/", "!*.txt"]), ["docs/a.md", "docs/b.txt"]);
    assert.deepEqual(await unpack("some", ["*.md", "!README.md"]), ["MODEL_CARD.md", "docs/a.md"]);
  }
});

Deno.test("verifies the whole package although a part is asked for, and writes nothing of a broken one", async () => {
  await using project = await writeBackendProject();
  await using temp = await tempFolder();
  const { path } = await packageProject({ folder: project.folder, output: temp.path });
  const bytes = await Deno.readFile(path);
  await Deno.writeFile(path, bytes.with(bytes.length - 6, 255 ^ (bytes[bytes.length - 6] ?? 0)));
  const unpack = () => unpackProject(path, { folder: `${temp.path}/out`, filter: ["README.md"] });
  await rejects(unpack, "package.corrupt", /^Cannot read package/);
  assert.deepEqual(await paths(temp.path), ["double-0.1.0.tar.gz"]);
});

Deno.test("refuses patterns that match nothing, and limits that are passed", async () => {
  await using project = await writeBackendProject();
  await using temp = await tempFolder();
  const { path } = await packageProject({ folder: project.folder, output: temp.path });
  const folder = `${temp.path}/out`;
  await rejects(
    () => unpackProject(path, { folder, filter: ["*.pt"] }),
    "usage.invalid",
    /must match a file/,
  );
  await rejects(
    () => unpackProject(path, { folder, limits: { totalSize: 10 } }),
    "package.too_large",
    /at most 10 /,
  );
});
