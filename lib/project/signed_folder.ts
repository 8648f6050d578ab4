import { quote } from "../archive/entry.ts";
import { PackflowError } from "../base/errors.ts";
import { openNewFile } from "../host/byte_streams.ts";
import { createSha256 } from "../host/digest.ts";
import { fileContent } from "../host/file_content.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { fileInfo, listFolder, makeFolder } from "../host/files.ts";
import { dirname, joinPath, resolvePath } from "../host/path.ts";
import { checkDigest, checkIsComplete, checkIsSigned } from "../sign/check_files.ts";
import { type FileDigests, isUnsignedPath } from "../sign/statement.ts";

/** What to do with a folder that is verified. */
export interface FolderOptions {
  /** The signature's file, which may lie in the folder unsigned. */
  readonly signature: string;
  /** A new folder that the signed files are copied to while they are hashed: what was verified can be used there. */
  readonly copyTo?: string;
}

/**
 * Compares a folder's files with what was signed: first the names, then each file's SHA-256. Every file must be
 * signed, but for Git's own at the top and the signature itself; there may be no links.
 *
 * @throws {PackflowError} signature.unsafe_file, signature.unsigned_file, signature.missing_file,
 * signature.altered_file, signature.unreadable
 */
export async function checkFolder(
  signed: FileDigests,
  folder: string,
  { signature, copyTo }: FolderOptions,
): Promise<void> {
  const own = resolvePath(signature);
  const present = new Set<string>();
  for await (const path of walk(folder, "", holdsGitFiles(signed))) {
    if (!signed.has(path) && resolvePath(folder, path) === own) continue;
    checkIsSigned(signed, path);
    present.add(path);
  }
  checkIsComplete(signed, present);
  for (const path of signed.keys()) checkDigest(signed, path, await hash(folder, path, copyTo));
}

/** Whether files were signed that signatures leave out unless the signer asked for them. */
function holdsGitFiles(signed: FileDigests): boolean {
  return [...signed.keys()].some(isUnsignedPath);
}

/** The paths of a folder's files. */
async function* walk(folder: string, below: string, withGit: boolean): AsyncGenerator<string> {
  for (const { name, kind } of await listed(joinPath(folder, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    if (!withGit && isUnsignedPath(path)) continue;
    if (kind === "directory") yield* walk(folder, path, withGit);
    else if (kind === "file") yield path;
    else {
      throw new PackflowError(
        "signature.unsafe_file",
        `Cannot accept ${quote(path)} as it must be a file or a folder: it is ${
          kind === "link" ? "a link" : "a device"
        }`,
      );
    }
  }
}

async function listed(folder: string): Promise<Awaited<ReturnType<typeof listFolder>>> {
  try {
    return await listFolder(folder);
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

/** The SHA-256 of a file, and a copy of the very bytes that were hashed if one is asked for. */
async function hash(folder: string, path: string, copyTo: string | undefined): Promise<string> {
  const file = joinPath(folder, path);
  const sum = createSha256();
  try {
    const mode = ((await fileInfo(file))?.mode ?? 0) & 0o111 ? 0o755 : 0o644;
    const target = copyTo === undefined ? undefined : joinPath(copyTo, path);
    if (target !== undefined) await makeFolder(dirname(target));
    const writer = target === undefined ? undefined : await openNewFile(target, mode);
    try {
      for await (const chunk of fileContent(file).chunks()) {
        sum.update(chunk);
        await writer?.write(chunk);
      }
    } finally {
      writer?.close();
    }
  } catch (cause) {
    throw unreadable(file, cause);
  }
  return sum.hex();
}

function unreadable(path: string, cause: unknown): PackflowError {
  const reason = fileErrorReason(cause);
  return new PackflowError("signature.unreadable", `Cannot verify ${quote(path)}: ${reason}`, { cause });
}
