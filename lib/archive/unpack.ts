import { messageOf, PackflowError } from "../base/errors.ts";
import { openNewFile } from "../host/byte_streams.ts";
import { fileInfo, makeFolder, makeTempFolder, remove, rename } from "../host/files.ts";
import { dirname, joinPath, resolvePath } from "../host/path.ts";
import type { ArchivedFile } from "./archived_file.ts";

/**
 * Writes files to a new folder: whole or not at all. They are written to a private folder beside the target, which
 * no other program can lay a link into, and moved into place at the end.
 *
 * @param folder The folder to make; its parent must exist, it must not.
 * @param fill Writes the files and throws where they are not to be trusted after all.
 * @throws {PackflowError} package.target_exists, package.unpack_failed, and what `fill` throws
 */
export async function unpackFiles(
  folder: string,
  fill: (write: (file: ArchivedFile) => Promise<void>) => Promise<void>,
): Promise<void> {
  const target = resolvePath(folder);
  let temporary: string | undefined;
  try {
    await refuseExisting(target);
    temporary = await makeTempFolder(".packflow-unpack-", dirname(target));
    // A folder inside the private one has the user's usual permissions, which the target is to keep.
    const tree = joinPath(temporary, "package");
    await makeFolder(tree);
    await fill((file) => writeInto(tree, file));
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
}

async function refuseExisting(target: string): Promise<void> {
  if (await fileInfo(target) === undefined) return;
  throw new PackflowError(
    "package.target_exists",
    `Cannot unpack package to ${JSON.stringify(target)} as it must not exist yet`,
  );
}

async function writeInto(tree: string, { path, mode, chunks }: ArchivedFile): Promise<void> {
  const file = joinPath(tree, path);
  await makeFolder(dirname(file));
  const writer = await openNewFile(file, mode);
  try {
    for await (const chunk of chunks) await writer.write(chunk);
  } finally {
    writer.close();
  }
}
