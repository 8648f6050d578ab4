import assert from "node:assert/strict";
import { landlockVersion } from "../../lib/host/linux_process.ts";

/** Lets a process become `cat` of some files, with `read` to be read. */
async function cat(
  read: readonly string[],
  files: readonly string[],
): Promise<{ code: number; stdout: string }> {
  const url = import.meta.resolve("../../lib/host/linux_process.ts");
  const code = `import { becomeConfined } from ${JSON.stringify(url)};
becomeConfined("/bin/cat", { args: ${JSON.stringify(files)}, env: {}, cwd: "/", net: false,
  read: ["/bin", "/usr", "/lib", "/lib64", ...${JSON.stringify(read)}] });`;
  const { code: status, stdout } = await new Deno.Command(Deno.execPath(), { args: ["eval", code] }).output();
  return { code: status, stdout: new TextDecoder().decode(stdout) };
}

Deno.test({
  name: "a confined program reads what it may, and nothing else",
  ignore: landlockVersion() === 0,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      for (const name of ["open", "closed"]) await Deno.writeTextFile(`${folder}/${name}`, name);
      await Deno.symlink(`${folder}/closed`, `${folder}/link`);
      const { code, stdout } = await cat(
        [`${folder}/open`],
        ["open", "closed", "link"].map((name) => `${folder}/${name}`),
      );
      assert.deepEqual([code, stdout], [1, "open"]);
      assert.deepEqual(await cat([folder, "/no/such/path"], [`${folder}/link`]), {
        code: 0,
        stdout: "closed",
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
