import assert from "node:assert/strict";
import { isOciLayout } from "../../lib/archive/is_oci_layout.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

Deno.test("a folder is an OCI layout if the file that says so is there", async () => {
  await using temp = await tempFolder();
  assert.equal(await isOciLayout(temp.path), false);
  await Deno.mkdir(`${temp.path}/a/oci-layout`, { recursive: true });
  await Deno.writeTextFile(`${temp.path}/oci-layout`, "{}");
  assert.deepEqual([await isOciLayout(temp.path), await isOciLayout(`${temp.path}/a`)], [true, false]);
  assert.equal(await isOciLayout(`${temp.path}/none`), false);
});
