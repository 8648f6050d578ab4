import assert from "node:assert/strict";
import { Manifest } from "../../lib/config/manifest.ts";
import { FileSelection } from "../../lib/project/file_selection.ts";

function selection(
  options: { include?: string[]; exclude?: string[]; required?: string[]; ignored?: string },
) {
  const { include = [], exclude = [], required = [], ignored = "" } = options;
  const made = new FileSelection(Manifest.parse({ name: "demo", include, exclude }), new Set(required));
  made.ignored.add("", ignored);
  return made;
}

const taken = (made: FileSelection, paths: string[]) => paths.filter((path) => made.file(path).take);

Deno.test("takes what nothing speaks against", () => {
  assert.deepEqual(taken(selection({}), ["a.txt", "deep/b.bin", ".hidden"]), [
    "a.txt",
    "deep/b.bin",
    ".hidden",
  ]);
});

Deno.test("lets include win over .gitignore and exclude over include", () => {
  const made = selection({ ignored: "*.bin\n", include: ["*.bin"], exclude: ["draft*"] });
  assert.deepEqual(taken(made, ["a.bin", "draft.bin", "draft.txt"]), ["a.bin"]);
});

Deno.test("takes required files whatever is said", () => {
  const made = selection({ ignored: "*\n", exclude: ["*"], required: ["inference.ts"] });
  assert.deepEqual(taken(made, ["inference.ts", "other.ts"]), ["inference.ts"]);
});

Deno.test("brings in a secret only where include names it", () => {
  const secret = "data/.env";
  assert.deepEqual(selection({}).file(secret), { take: false, reason: "it may hold a secret" });
  for (const pattern of ["data/", "data/**", "**", "data/*"]) {
    assert.equal(selection({ include: [pattern] }).file(secret).take, false, pattern);
  }
  for (const pattern of ["data/.env", ".env", "*.env", "**/.env*"]) {
    assert.equal(selection({ include: [pattern] }).file(secret).take, true, pattern);
  }
});

Deno.test("walks a folder that stays out only for what include may bring in", () => {
  assert.deepEqual(selection({ ignored: "models/\n" }).folder("models"), { take: false });
  const made = selection({ ignored: "models/\n", include: ["*.onnx"] });
  const only = made.folder("models");
  assert.ok(Array.isArray(only) && only.length === 1);
  assert.equal(made.file("models/a.onnx", only).take, true);
  assert.equal(made.file("models/notes.txt", only).take, false);
});

Deno.test("walks a tool's folder only where include names it", () => {
  assert.deepEqual(selection({ include: ["*.js"] }).folder("node_modules"), { take: false });
  const made = selection({ include: ["node_modules/lib/"] });
  const only = made.folder("node_modules");
  assert.ok(Array.isArray(only));
  assert.equal(made.file("node_modules/lib/x.js", only).take, true);
  assert.equal(made.file("node_modules/other/x.js", only).take, false);
});

Deno.test("names earlier packages, unless .gitignore has them", () => {
  const reason = "it is an earlier package of this project";
  assert.deepEqual(selection({}).file("demo-0.1.0.tar.gz"), { take: false, reason });
  assert.deepEqual(selection({ ignored: "*.tar.gz\n" }).file("demo-0.1.0.tar.gz"), { take: false });
});
