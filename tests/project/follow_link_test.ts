import assert from "node:assert/strict";
import { followLink } from "../../lib/project/follow_link.ts";
import { writeProject } from "../helpers/project_fixture.ts";

Deno.test("follows links to files of the project, through links and folders that are links", async () => {
  await using project = await writeProject({ "real/a.txt": "a", ".git/config": "x" });
  const { folder } = project;
  const follow = (path: string) => followLink(folder, path, `${folder}/${path}`);
  await Deno.symlink("real/a.txt", `${folder}/one`);
  await Deno.symlink("one", `${folder}/two`);
  await Deno.symlink("real", `${folder}/folder`);
  await Deno.symlink(".git/config", `${folder}/config`);
  await Deno.symlink("/dev/null", `${folder}/device`);
  for (const path of ["one", "two", "folder/a.txt", "real/a.txt"]) {
    assert.deepEqual(await follow(path), { target: `${folder}/real/a.txt` }, path);
  }
  assert.deepEqual(await follow("folder"), { reason: "it is a link to a folder" });
  assert.deepEqual(await follow("config"), { reason: 'it is a link to ".git/config", which stays out' });
  assert.deepEqual(await follow("device"), { reason: "it leads outside the project" });
  assert.deepEqual(await follow("gone"), { reason: "it is a link to nothing" });
});
