import assert from "node:assert/strict";
import { IgnoreRules } from "../../lib/project/ignore_rules.ts";
import { fc } from "../helpers/fast_check.ts";
import { writeProject } from "../helpers/project_fixture.ts";

Deno.test("reads nested .gitignore files as git does", () => {
  const rules = new IgnoreRules();
  rules.add("", "*.log\n/top.txt\nbuild/\n");
  rules.add("sub", "!keep.log\n/here.txt\na/b\n# comment\n\n\\#hash\n");
  rules.add("od[d] d", "x\n");
  const ignored = (paths: string[]) => paths.filter((path) => rules.ignores(path));
  assert.deepEqual(ignored(["x.log", "sub/x.log", "sub/keep.log", "sub/deep/keep.log"]), [
    "x.log",
    "sub/x.log",
  ]);
  assert.deepEqual(ignored(["top.txt", "sub/top.txt", "sub/here.txt", "sub/q/here.txt"]), [
    "top.txt",
    "sub/here.txt",
  ]);
  assert.deepEqual(ignored(["sub/a/b", "sub/q/a/b", "build/", "sub/build/"]), [
    "sub/a/b",
    "build/",
    "sub/build/",
  ]);
  assert.deepEqual(ignored(["sub/#hash", "#hash", "sub/# comment"]), ["sub/#hash"]);
  assert.deepEqual(ignored(["od[d] d/x", "odd d/x", "od[d] d/q/x"]), ["od[d] d/x", "od[d] d/q/x"]);
});

Deno.test("tells upper from lower case, and takes CRLF and a byte order mark", () => {
  const rules = new IgnoreRules();
  rules.add("", "\uFEFFa.txt\r\nB.txt\r\n");
  assert.equal(rules.ignores("a.txt"), true);
  assert.equal(rules.ignores("B.txt"), true);
  assert.equal(rules.ignores("b.txt"), false);
});

const git = new Deno.Command("git", { args: ["--version"], stdout: "null", stderr: "null" }).output()
  .then((output) => output.success, () => false);

Deno.test("agrees with git itself on made-up trees and patterns", async () => {
  if (!await git) return console.log("SKIPPED: no git on this machine");
  // No letters beyond ASCII: git's "?" matches one byte of them, which helps nobody.
  const names = fc.constantFrom("a", "b", "c.log", "d e", "[x]", "ab");
  const piece = fc.constantFrom("a", "b", "*.log", "*", "**", "c.log", "d e", "\\[x]", "?", "[ab]", "a*");
  const pattern = fc.tuple(
    fc.constantFrom("", "!"),
    fc.constantFrom("", "/"),
    fc.array(piece, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("", "/"),
  ).map(([bang, start, parts, end]) => `${bang}${start}${parts.join("/")}${end}`);
  const cases = fc.sample(
    fc.record({
      paths: fc.uniqueArray(fc.array(names, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/")), {
        minLength: 4,
        maxLength: 10,
      }),
      root: fc.array(pattern, { maxLength: 4 }),
      nested: fc.array(pattern, { maxLength: 3 }),
    }),
    120,
  );
  for (const { paths, root, nested } of cases) {
    const files = paths.filter((path) => !paths.some((other) => other.startsWith(`${path}/`)));
    const contents = Object.fromEntries(files.map((path) => [path, ""]));
    if (files.includes("a")) continue;
    const tree = { ...contents, ".gitignore": root.join("\n"), "a/.gitignore": nested.join("\n") };
    await using project = await writeProject(tree);
    const said = ours(Object.keys(tree), root, nested);
    assert.deepEqual(said, await filesOfGit(project.folder), JSON.stringify({ root, nested, files }));
  }
});

/** What is left when the folders on the way are looked at first, as a walk does. */
function ours(files: string[], root: string[], nested: string[]): string[] {
  const rules = new IgnoreRules();
  rules.add("", root.join("\n"));
  if (!rules.ignores("a/")) rules.add("a", nested.join("\n"));
  return files.filter((path) => {
    const parts = path.split("/");
    const folders = parts.slice(1).map((_, index) => `${parts.slice(0, index + 1).join("/")}/`);
    return ![...folders, path].some((each) => rules.ignores(each));
  }).sort();
}

async function filesOfGit(folder: string): Promise<string[]> {
  const run = async (...args: string[]) => {
    const command = new Deno.Command("git", {
      args: ["-c", "core.excludesFile=/dev/null", "-c", "core.quotePath=false", ...args],
      cwd: folder,
      env: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
    });
    const { success, stdout, stderr } = await command.output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  };
  await run("init", "--quiet");
  return (await run("ls-files", "--others", "--exclude-standard", "-z")).split("\0").filter((path) =>
    path !== ""
  ).sort();
}
