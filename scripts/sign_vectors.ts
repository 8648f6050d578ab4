/**
 * Makes tests/fixtures/model_signing anew: an unpacked package, and signatures of it by the PyPI tool model-signing,
 * one for each curve. The private keys are thrown away.
 */
import { join } from "node:path";
import { makePackageManifest, manifestBytes } from "../lib/archive/package_manifest.ts";
import { bytesContent } from "../lib/archive/entry.ts";
import { makeKeys } from "../lib/project/make_keys.ts";
import { CURVE_NAMES } from "../lib/sign/curve.ts";
import { ModelSigning } from "./model_signing.ts";
import { ROOT } from "./run_deno.ts";

/** Names that sort in one order by their bytes and in another by their parts, some outside of ASCII, one of Git's. */
const FILES: Readonly<Record<string, string>> = {
  ".gitignore": "*.tmp\n",
  "README.md": "Signed by another tool.\n",
  "data/empty": "",
  "data.txt": "sorted before data/empty by its bytes\n",
  "données/größe.json": "{}\n",
  "packflow.jsonc": '{ "name": "vectors" }\n',
};

const HOME = join(ROOT, "tests", "fixtures", "model_signing");
const folder = join(HOME, "files");
const tool = await ModelSigning.find();
if ("missing" in tool) throw new Error(`Cannot make vectors without model-signing: ${tool.missing}`);
await Deno.remove(HOME, { recursive: true }).catch(() => {});

const entries = Object.entries(FILES).map(([path, text]) => {
  return { path, mode: 0o644 as const, content: bytesContent(new TextEncoder().encode(text)) };
});
const manifest = await makePackageManifest(entries, { name: "vectors", version: "1.0.0" });
await write("MANIFEST.json", manifestBytes(manifest));
for (const [path, text] of Object.entries(FILES)) await write(path, new TextEncoder().encode(text));

for (const curve of CURVE_NAMES) {
  const { privateKey, publicKey } = await makeKeys(join(HOME, curve), curve);
  await tool.sign({ folder, key: privateKey, signature: join(HOME, `${curve}.sig`) });
  await Deno.remove(privateKey);
  console.log(`${publicKey}: ${tool.versions}`);
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  const file = join(folder, path);
  await Deno.mkdir(join(file, ".."), { recursive: true });
  await Deno.writeFile(file, bytes);
}
