import assert from "node:assert/strict";
import {
  basename,
  dirname,
  fromFileUrl,
  isAbsolutePath,
  joinPath,
  relativePath,
  resolvePath,
  toFileUrl,
} from "../../lib/host/path.ts";
import { fc } from "../helpers/fast_check.ts";

const names = fc.string({ unit: "grapheme", minLength: 1 })
  .filter((name) => !/[/\0]/.test(name) && name !== "." && name !== ".." && name.isWellFormed());
const paths = fc.array(names, { minLength: 1, maxLength: 5 }).map((parts) => `/${parts.join("/")}`);

Deno.test("joinPath, dirname and basename take paths apart and together", () => {
  assert.equal(joinPath("a", "../b", "./c.ts"), "b/c.ts");
  assert.equal(joinPath("", ""), ".");
  assert.deepEqual([dirname("/a/b.ts"), dirname("b.ts"), dirname("/")], ["/a", ".", "/"]);
  assert.deepEqual([basename("/a/b.ts"), basename("/a/b/"), basename("/")], ["b.ts", "b", ""]);
});

Deno.test("dirname and basename join to the same path", () => {
  fc.assert(fc.property(paths, (path) => assert.equal(joinPath(dirname(path), basename(path)), path)));
});

Deno.test("resolvePath starts at the current folder unless a segment is absolute", () => {
  assert.equal(resolvePath("a", "..", "b"), `${Deno.cwd()}/b`);
  assert.equal(resolvePath(), Deno.cwd());
  assert.equal(resolvePath("a", "/b", "../../c"), "/c");
  assert.deepEqual(["/a", "a", "./a", ""].map(isAbsolutePath), [true, false, false, false]);
});

Deno.test("relativePath is the way back to a path", () => {
  assert.equal(relativePath("/a/b", "/a/b/c/d.ts"), "c/d.ts");
  assert.equal(relativePath("/a/b", "/a/bc"), "../bc");
  assert.equal(relativePath("/a", "/a"), "");
  fc.assert(
    fc.property(paths, paths, (from, to) => assert.equal(resolvePath(from, relativePath(from, to)), to)),
  );
});

Deno.test("file URLs hold every path, whatever characters it has", () => {
  assert.equal(toFileUrl("/a b/#c?/100%.ts"), "file:///a%20b/%23c%3F/100%25.ts");
  fc.assert(fc.property(paths, (path) => {
    assert.equal(fromFileUrl(toFileUrl(path)), path);
    assert.equal(fromFileUrl(new URL(toFileUrl(path))), path);
  }));
});

Deno.test("fromFileUrl refuses what is no file of this machine", () => {
  for (const url of ["https://example.com/a", "data:,a", "file://host/a", "file:///a%2Fb", "a/b"]) {
    assert.throws(() => fromFileUrl(url), TypeError, url);
  }
});
