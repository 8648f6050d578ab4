import { PackflowError } from "../base/errors.ts";
import { openNewFile } from "../host/byte_streams.ts";
import { createSha256 } from "../host/digest.ts";
import { fileInfo, makeFolder, makeTempFolder, remove, rename, writeFile } from "../host/files.ts";
import { basename, dirname, joinPath } from "../host/path.ts";
import { type Entry, quote } from "./entry.ts";
import { exactChunks } from "./exact_chunks.ts";
import { blobPath, OCI, type OciLayout } from "./oci_layout.ts";
import type { PackageManifest } from "./package_manifest.ts";

/**
 * Writes a package as an OCI image layout: to a private folder beside the target, then moved into place, so that no
 * half is ever seen. An OCI image layout that is there already is replaced.
 *
 * @param folder The folder to make; its parent must exist.
 * @param source The documents, the manifest they were made of, and the files it lists.
 * @throws {PackflowError} package.target_exists, package.content_changed; the host's error where writing fails
 */
export async function writeOciLayout(
  folder: string,
  source: {
    readonly layout: OciLayout;
    readonly manifest: PackageManifest;
    readonly entries: readonly Entry[];
  },
): Promise<void> {
  await refuseOther(folder);
  const temporary = await makeTempFolder(`.${basename(folder)}-`, dirname(folder));
  try {
    // A folder inside the private one has the user's usual permissions, which the target is to keep.
    const tree = joinPath(temporary, "layout");
    await makeFolder(joinPath(tree, "blobs", "sha256"));
    for (const [path, bytes] of source.layout.documents) await writeFile(joinPath(tree, path), bytes);
    await writeBlobs(tree, source);
    await replaceFolder(tree, folder, joinPath(temporary, "old"));
  } finally {
    await remove(temporary);
  }
}

async function writeBlobs(
  tree: string,
  { manifest, entries }: { readonly manifest: PackageManifest; readonly entries: readonly Entry[] },
): Promise<void> {
  const digests = new Map(manifest.files.map(({ path, sha256 }) => [path, sha256]));
  for (const entry of entries) {
    const expected = digests.get(entry.path) ?? "";
    const path = joinPath(tree, blobPath(`sha256:${expected}`));
    // Equal files are one blob.
    if (await fileInfo(path) !== undefined) continue;
    const file = await openNewFile(path);
    const hash = createSha256();
    try {
      for await (const chunk of exactChunks(entry)) {
        hash.update(chunk);
        await file.write(chunk);
      }
    } finally {
      file.close();
    }
    if (hash.hex() !== expected) {
      throw new PackflowError(
        "package.content_changed",
        `Cannot package ${quote(entry.path)} as it must stay as it is meanwhile: it was changed`,
      );
    }
  }
}

async function replaceFolder(tree: string, folder: string, old: string): Promise<void> {
  if (await fileInfo(folder) !== undefined) await rename(folder, old);
  await rename(tree, folder);
}

async function refuseOther(folder: string): Promise<void> {
  const there = await fileInfo(folder);
  if (there === undefined) return;
  const isLayout = there.kind === "directory" &&
    await fileInfo(joinPath(folder, OCI.layoutFile)) !== undefined;
  if (isLayout) return;
  throw new PackflowError(
    "package.target_exists",
    `Cannot write an OCI image layout to ${
      quote(folder)
    } as only another layout is replaced: it is something else`,
  );
}
