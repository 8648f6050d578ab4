import { rejects, strictEqual } from "node:assert/strict";
import { request } from "node:https";
import { writeBackendProject } from "../helpers/backend_project.ts";
import { serveHere } from "../helpers/local_server.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

/** Makes a certificate of its own signature, and its key. */
async function certificate(folder: string, name: string): Promise<{ cert: string; key: string }> {
  const files = { cert: `${folder}/${name}.pem`, key: `${folder}/${name}.key` };
  const { success } = await new Deno.Command("openssl", {
    args: [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "2",
    ]
      .concat("-subj", "/CN=localhost", "-keyout", files.key, "-out", files.cert),
    stderr: "null",
  }).output();
  strictEqual(success, true);
  return files;
}

Deno.test("with a certificate it speaks HTTPS; a key of another is refused at the start", async () => {
  await using temp = await tempFolder();
  await using project = await writeBackendProject();
  const tls = await certificate(temp.path, "a");
  const other = await certificate(temp.path, "b");
  for (const wrong of [{ ...tls, key: other.key }, { ...tls, key: tls.cert }, { ...tls, cert: tls.key }]) {
    await rejects(serveHere([project.folder], { tls: wrong }), { code: "serve.tls_invalid" });
  }
  await using here = await serveHere([project.folder], { tls });
  const status = await new Promise((resolve, reject) => {
    request(`${here.server.url}/v2`, { rejectUnauthorized: false, agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    }).on("error", reject).end();
  });
  strictEqual(status, 200);
});
