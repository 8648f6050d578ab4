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
const left = (reason: string, told: boolean) => ({ take: false, reason, told });

Deno.test("takes what nothing speaks against", () => {
  assert.deepEqual(taken(selection({}), ["a.txt", "deep/b.bin", ".hidden"]), [
    "a.txt",
    "deep/b.bin",
    ".hidden",
  ]);
});

Deno.test("lets include win over .gitignore and exclude over include", () => {
  const made = selection({ ignored: "*.bin\n", include: ["*.bin"], exclude: ["draft*"] });
  assert.deepEqual(taken(made, ["a.bin", "draft.bin", "draft.txt", "draft/a.bin"]), ["a.bin"]);
});

Deno.test("takes required files whatever is said, and tells what was said", () => {
  const required = ["inference.ts", "m.onnx", ".env"];
  const made = selection({ ignored: "*.onnx\n", exclude: ["*.ts"], required });
  assert.deepEqual(required.map((path) => made.file(path)), [
    { take: true, despite: "exclude of packflow.jsonc names it" },
    { take: true, despite: ".gitignore:1 names it" },
    { take: true, despite: "it may hold a secret" },
  ]);
  assert.equal(made.file("other.ts").take, false);
  assert.deepEqual(selection({ required }).file("m.onnx"), { take: true });
  assert.deepEqual(selection({ required, ignored: "*", include: ["*.onnx"] }).file("m.onnx"), { take: true });
});

Deno.test("says why a file stays out, and whether the user must hear of it unasked", () => {
  const made = selection({ ignored: "*.log\n.venv/\n.env\n", exclude: ["/notes"] });
  assert.deepEqual(made.file("a.log"), left(".gitignore:1 names it", false));
  assert.deepEqual(made.file("notes"), left("exclude of packflow.jsonc names it", false));
  assert.deepEqual(made.folder(".git"), left("it belongs to version control", true));
  assert.deepEqual(made.folder("node_modules"), left("it is a cache, a build or a setting of a tool", true));
  assert.deepEqual(made.folder(".venv"), left("it is a cache, a build or a setting of a tool", false));
  assert.deepEqual(made.folder(".packflow"), left("it is for editors", false));
  assert.deepEqual(made.file(".env"), left("it may hold a secret", true));
});

Deno.test("brings in a secret only where include names it", () => {
  const secret = "data/.env";
  assert.deepEqual(selection({}).file(secret), left("it may hold a secret", true));
  for (const pattern of ["data/", "data/**", "**", "data/*"]) {
    assert.equal(selection({ include: [pattern] }).file(secret).take, false, pattern);
  }
  for (const pattern of ["data/.env", ".env", "*.env", "**/.env*"]) {
    assert.equal(selection({ include: [pattern] }).file(secret).take, true, pattern);
  }
});

Deno.test("brings in what holds a secret only where include names the file, or the package needs it", () => {
  const key = { reason: "it holds a private key", secret: true, told: true };
  assert.deepEqual(selection({}).content("a/b.txt", key), left("it holds a private key", true));
  assert.equal(selection({ include: ["a/"] }).content("a/b.txt", key).take, false);
  assert.deepEqual(selection({ include: ["b.txt"] }).content("a/b.txt", key), { take: true });
  assert.deepEqual(selection({ required: ["a/b.txt"] }).content("a/b.txt", key), {
    take: true,
    despite: "it holds a private key",
  });
});

Deno.test("walks a folder that stays out only for what include may bring in", () => {
  assert.deepEqual(
    selection({ ignored: "models/\n" }).folder("models"),
    left(".gitignore:1 names it", false),
  );
  const made = selection({ ignored: "models/\n", include: ["*.onnx"] });
  const only = made.folder("models");
  assert.ok(Array.isArray(only) && only.length === 1);
  assert.equal(made.file("models/a.onnx", only).take, true);
  assert.equal(made.file("models/notes.txt", only).take, false);
});

Deno.test("walks a tool's folder only where include names it", () => {
  assert.equal("take" in Object(selection({ include: ["*.js"] }).folder("node_modules")), true);
  const made = selection({ include: ["node_modules/lib/"] });
  const only = made.folder("node_modules");
  assert.ok(Array.isArray(only));
  assert.equal(made.file("node_modules/lib/x.js", only).take, true);
  assert.deepEqual(made.file("node_modules/other/x.js", only), left("its folder stays out", false));
});

Deno.test("names earlier packages, unless .gitignore has them", () => {
  const reason = "it is an earlier package of this project";
  assert.deepEqual(selection({}).file("demo-0.1.0.tar.gz"), left(reason, true));
  assert.deepEqual(selection({ ignored: "*.tar.gz\n" }).file("demo-0.1.0.tar.gz"), left(reason, false));
});
