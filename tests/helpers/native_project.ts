/** Projects with onnxruntime-node: fetched once, 290 MB, into Deno's own cache. */
import { join } from "node:path";
import { NATIVE_PACKAGE, NATIVE_VERSION } from "../../lib/onnx/native_runtime.ts";
import { npmFolders } from "../../scripts/npm_cache.ts";
import { runDeno } from "../../scripts/run_deno.ts";

let fetching: Promise<string> | undefined;

/** Installs onnxruntime-node into a project's folder, as a link. */
export async function installNative(folder: string): Promise<void> {
  fetching ??= fetchPackage();
  await Deno.mkdir(join(folder, "node_modules"), { recursive: true });
  await Deno.symlink(await fetching, join(folder, "node_modules", NATIVE_PACKAGE));
}

async function fetchPackage(): Promise<string> {
  const place = { cwd: import.meta.dirname ?? "." };
  const settings = ["--quiet", "--no-config", "--no-lock"];
  await runDeno(["cache", ...settings, `npm:${NATIVE_PACKAGE}@${NATIVE_VERSION}`], place);
  const folderOf = await npmFolders(place);
  const registryUrl = Deno.env.get("NPM_CONFIG_REGISTRY") ?? "https://registry.npmjs.org/";
  return folderOf({ name: NATIVE_PACKAGE, version: NATIVE_VERSION, registryUrl, dependencies: [] });
}
