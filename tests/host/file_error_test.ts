import assert from "node:assert/strict";
import { fileErrorReason } from "../../lib/host/file_error.ts";

Deno.test("says why in plain words, without the system's number and the call", async () => {
  const error = await Deno.readFile("/no/such/file").catch((cause) => cause);
  assert.equal(fileErrorReason(error), "no such file or directory");
  assert.equal(fileErrorReason(await Deno.readFile("/").catch((cause) => cause)), "is a directory");
  assert.equal(fileErrorReason(new Error("It is a folder.")), "it is a folder");
  assert.equal(fileErrorReason("odd"), "odd");
});
