/** Git itself, to compare with; its settings on this machine do not matter. */
import assert from "node:assert/strict";

/** Whether there is a git on this machine. */
export function hasGit(): Promise<boolean> {
  const command = new Deno.Command("git", { args: ["--version"], stdout: "null", stderr: "null" });
  return command.output().then((output) => output.success, () => false);
}

/** The files of a folder that git would not ignore, sorted; makes the folder a repository. */
export async function gitFiles(folder: string): Promise<string[]> {
  await git(folder, "init", "--quiet", "--template=");
  const list = await git(folder, "ls-files", "--others", "--exclude-standard", "-z");
  return list.split("\0").filter((path) => path !== "").sort();
}

/** Runs git in a folder. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const command = new Deno.Command("git", {
    args: ["-c", "core.excludesFile=/dev/null", "-c", "core.quotePath=false", ...args],
    cwd: folder,
    env: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null", LC_ALL: "C.UTF-8" },
  });
  const { success, stdout, stderr } = await command.output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
