import assert from "node:assert/strict";
import { IgnoreRules, PatternList } from "../../lib/project/ignore_rules.ts";
import { fc } from "../helpers/fast_check.ts";
import { gitFiles, hasGit } from "../helpers/git.ts";
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
  assert.deepEqual(ignored(["sub/a/b", "sub/q/a/b", "build/", "sub/build/", "sub/build/x", "build"]), [
    "sub/a/b",
    "build/",
    "sub/build/",
    "sub/build/x",
  ]);
  assert.deepEqual(ignored(["sub/#hash", "#hash", "sub/# comment"]), ["sub/#hash"]);
  assert.deepEqual(ignored(["od[d] d/x", "odd d/x", "od[d] d/q/x"]), ["od[d] d/x", "od[d] d/q/x"]);
});

Deno.test("says which line leaves a path out", () => {
  const rules = new IgnoreRules();
  rules.add("", "# logs\n*.log\n");
  rules.add("sub", "\ndata/\n");
  assert.deepEqual(rules.ignoring("sub/x.log"), { file: ".gitignore", line: 2 });
  assert.deepEqual(rules.ignoring("sub/data/x/y.bin"), { file: "sub/.gitignore", line: 2 });
  assert.equal(rules.ignoring("sub/data"), undefined);
});

Deno.test("tells upper from lower case, and takes CRLF, a byte order mark and bytes that are no text", () => {
  const rules = new IgnoreRules();
  rules.add("", Uint8Array.of(0xff, 0x0a, ...new TextEncoder().encode("a.txt\r\nB.txt")));
  assert.deepEqual(["a.txt", "B.txt", "b.txt"].map((path) => rules.ignores(path)), [true, true, false]);
  const marked = new IgnoreRules();
  marked.add("", "\uFEFFa.txt\r\n");
  assert.equal(marked.ignores("a.txt"), true);
});

Deno.test("keeps spaces at the end only behind a backslash", () => {
  const matches = (pattern: string, path: string) => new PatternList([pattern]).matches(path);
  assert.deepEqual(
    [
      matches("a  ", "a"),
      matches("a\\ ", "a "),
      matches("a\\  ", "a "),
      matches("a\\ ", "a"),
      matches(" ", " "),
    ],
    [true, true, true, false, false],
  );
  assert.equal(matches("a\\", "a\\"), false);
});

Deno.test("agrees with git itself on made-up trees and patterns", async () => {
  if (!await hasGit()) return console.log("SKIPPED: no git on this machine");
  const name = fc.constantFrom(
    "a",
    "b",
    "ab",
    "c.log",
    "d e",
    "[x]",
    "#h",
    "!i",
    "é",
    "a-b",
    "A",
    "f ",
    "q\\",
  );
  const piece = fc.oneof(
    { weight: 3, arbitrary: name },
    fc.constantFrom(
      "*.log",
      "*",
      "**",
      "***",
      "a*",
      "*b",
      "a**",
      "**a",
      "?",
      "??",
      "a?",
      "\\a",
      "\\[x]",
      "\\#h",
      "\\!i",
    ),
    fc.constantFrom(
      "[ab]",
      "[!a]",
      "[^b]*",
      "[a-c]*",
      "[[:alpha:]]",
      "[[:digit:]x]",
      "[]a]",
      "[a",
      "[[:x:]]",
      "[a-",
    ),
    fc.constantFrom("d\\ e", "f\\ ", "f ", "q\\", "q\\\\", "[\\a-\\b]", "[^a]?", "#h", "*e*", "[[:punct:]]*"),
  );
  const pattern = fc.tuple(
    fc.constantFrom("", "", "", "!"),
    fc.constantFrom("", "", "/"),
    fc.oneof(
      fc.tuple(piece),
      fc.tuple(piece),
      fc.tuple(piece, piece),
      fc.array(piece, { minLength: 3, maxLength: 3 }),
    ),
    fc.constantFrom("", "", "/", " ", "  ", "\t", "\r"),
  ).map(([bang, start, parts, end]) => `${bang}${start}${parts.join("/")}${end}`);
  const patterns = fc.array(pattern, { minLength: 1, maxLength: 6 }).map((lines) => lines.join("\n"));
  const cases = fc.sample(
    fc.record({
      paths: fc.uniqueArray(fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/")), {
        minLength: 5,
        maxLength: 14,
      }),
      ignores: fc.dictionary(fc.constantFrom("", "a", "b", "a/b", "ab", "é"), patterns, { minKeys: 1 }),
    }),
    300,
  );
  let [files, left] = [0, 0];
  for (const { paths, ignores } of cases) {
    const tree = treeOf(paths, ignores);
    await using project = await writeProject(tree);
    const expected = await gitFiles(project.folder);
    assert.deepEqual(ours(tree), expected, JSON.stringify({ ignores, paths: Object.keys(tree) }));
    files += Object.keys(tree).length;
    left += Object.keys(tree).length - expected.length;
  }
  console.log(
    `.gitignore against git: ${cases.length} trees, ${files} files, ${left} left out, 0 differences`,
  );
  assert.ok(left > files / 10 && left < files * 0.9, "the trees must try both answers");
});

/** Files that can lie beside each other, each folder's `.gitignore` among them. */
function treeOf(paths: readonly string[], ignores: Readonly<Record<string, string>>): Record<string, string> {
  const folders = Object.keys(ignores).filter((folder) => folder !== "");
  const files = [...paths, ...folders.map((folder) => `${folder}/.gitignore`)];
  const possible = files.filter((path) => !files.some((other) => other.startsWith(`${path}/`)));
  return {
    ...Object.fromEntries(possible.map((path) => [path, ""])),
    ...Object.fromEntries(
      Object.entries(ignores).map((
        [folder, text],
      ) => [folder === "" ? ".gitignore" : `${folder}/.gitignore`, text]),
    ),
  };
}

/** What is left when files of ignored folders are not read, as a walk does. */
function ours(tree: Readonly<Record<string, string>>): string[] {
  const rules = new IgnoreRules();
  const ignoreFiles = Object.keys(tree).filter((path) =>
    path === ".gitignore" || path.endsWith("/.gitignore")
  );
  for (const file of ignoreFiles.sort((a, b) => a.split("/").length - b.split("/").length)) {
    const folder = file.slice(0, Math.max(0, file.lastIndexOf("/")));
    if (folder === "" || !rules.ignores(`${folder}/`)) rules.add(folder, tree[file] ?? "");
  }
  return Object.keys(tree).filter((path) => !rules.ignores(path)).sort();
}
