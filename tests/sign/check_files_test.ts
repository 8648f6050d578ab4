import assert from "node:assert/strict";
import { checkDigest, checkIsComplete, checkIsSigned } from "../../lib/sign/check_files.ts";
import { rejects } from "../helpers/rejects.ts";

const SIGNED = new Map([["a", "aa"], ["b/c", "bb"]]);

Deno.test("files that were signed are accepted, and Git's own at the top", () => {
  for (const path of ["a", "b/c", ".git/config", ".gitignore", ".github/x", ".gitattributes"]) {
    checkIsSigned(SIGNED, path);
  }
  checkIsComplete(SIGNED, new Set(["a", "b/c", "d"]));
  checkDigest(SIGNED, "a", "aa");
});

Deno.test("any other file, a lacking file and another digest are refused by name", async () => {
  for (const path of ["d", "b", "A", "x/.git/config", ".gitmodules", ".git ", "a/.gitignore"]) {
    const error = await rejects(
      () => checkIsSigned(SIGNED, path),
      "signature.unsigned_file",
      /must be signed/,
    );
    assert.ok(error.message.includes(JSON.stringify(path)));
  }
  await rejects(() => checkIsComplete(SIGNED, new Set(["a"])), "signature.missing_file", /"b\/c" must be/);
  await rejects(() => checkDigest(SIGNED, "a", "bb"), "signature.altered_file", /"a".*must be aa: .* is bb$/);
  await rejects(() => checkDigest(SIGNED, "x", "bb"), "signature.altered_file", /"x"/);
});
