import { deepStrictEqual } from "node:assert/strict";
import { matchPaths } from "../../lib/host/glob.ts";

Deno.test("a pattern's paths come sorted, without those that are hidden", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/sub/deep`, { recursive: true });
    for (const name of ["b.csv", "a.csv", ".h.csv", "c.txt", "sub/d.csv", "sub/deep/e.csv"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
    }
    const match = async (pattern: string) =>
      (await matchPaths(`${folder}/${pattern}`)).map((path) => path.slice(folder.length + 1));
    deepStrictEqual(await match("*.csv"), ["a.csv", "b.csv"]);
    deepStrictEqual(await match("**/*.csv"), ["a.csv", "b.csv", "sub/d.csv", "sub/deep/e.csv"]);
    deepStrictEqual(await match("{b,c}.{csv,txt}"), ["b.csv", "c.txt"]);
    deepStrictEqual(await match("[ab].csv"), ["a.csv", "b.csv"]);
    deepStrictEqual(await match("s*"), ["sub"]);
    deepStrictEqual(await match("none*"), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
