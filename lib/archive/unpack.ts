import { messageOf, PackflowError } from "../base/errors.ts";
import { fileInfo, makeFolder, makeTempFolder, remove, rename, writeFile } from "../host/files.ts";
import { dirname, joinPath, resolvePath } from "../host/path.ts";
import type { Entry } from "./entry.ts";
import { type PackageManifest, verifyPackage } from "./package_manifest.ts";
import { readArchive } from "./read_archive.ts";

/**
 * Verifies a package and then writes its files to a new folder: whole or not at all. They are written to a private
 * folder beside the target, which no other program can lay a link into, and moved into place at the end.
 *
 * @param source The archive's bytes, or its entries.
 * @param folder The folder to make; its parent must exist, it must not.
 * @throws {PackflowError} package.target_exists, package.unpack_failed, and what reading and verifying throw
 */
export async function unpackPackage(
  source: Uint8Array | readonly Entry[],
  folder: string,
): Promise<PackageManifest> {
  const entries = source instanceof Uint8Array ? readArchive(source) : source;
  const manifest = await verifyPackage(entries);
  const target = resolvePath(folder);
  let temporary: string | undefined;
  try {
    await refuseExisting(target);
    temporary = await makeTempFolder(".packflow-unpack-", dirname(target));
    // A folder inside the private one has the user's usual permissions, which the target is to keep.
    const tree = joinPath(temporary, "package");
    await writeTree(tree, entries);
    await refuseExisting(target);
    await rename(tree, target);
  } catch (cause) {
    if (cause instanceof PackflowError) throw cause;
    throw new PackflowError(
      "package.unpack_failed",
      `Cannot unpack package to ${JSON.stringify(target)}: ${messageOf(cause)}`,
      { cause },
    );
  } finally {
    if (temporary !== undefined) await remove(temporary);
  }
  return manifest;
}

async function refuseExisting(target: string): Promise<void> {
  if (await fileInfo(target) === undefined) return;
  throw new PackflowError(
    "package.target_exists",
    `Cannot unpack package to ${JSON.stringify(target)} as it must not exist yet`,
  );
}

async function writeTree(tree: string, entries: readonly Entry[]): Promise<void> {
  await makeFolder(tree);
  const made = new Set<string>();
  for (const { path, mode, data } of entries) {
    const file = joinPath(tree, path);
    const parent = dirname(file);
    if (!made.has(parent)) {
      await makeFolder(parent);
      made.add(parent);
    }
    await writeFile(file, data, { mode });
  }
}
