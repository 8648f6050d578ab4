import { comparePaths, type Entry } from "../archive/entry.ts";
import { PackflowError } from "../base/errors.ts";
import type { Manifest } from "../config/manifest.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { fileContent } from "../host/file_content.ts";
import { joinPath } from "../host/path.ts";
import { type CollectedFile, collectFiles, type LeftFile } from "./collect_files.ts";
import { generatedEntries, isGenerated, projectBundle } from "./generated_files.ts";

/** All that a package of a project would hold, its list of files aside. */
export interface ProjectEntries {
  /** The project's own files and those that Packflow makes, in the order of their paths' bytes. */
  readonly entries: readonly Entry[];
  /** The project's own files, as they were chosen. */
  readonly own: readonly CollectedFile[];
  /** What stays out, and why. */
  readonly left: readonly LeftFile[];
}

/**
 * Decides what a package of a project holds, and makes what Packflow adds to it. Runs none of the project's code.
 *
 * @param folder The project's folder.
 * @param leave Absolute paths that stay out: the package that is being written.
 * @throws {PackflowError} `project.*`, `backend.*`, `loader.*`, `check.unsafe_path`
 */
export async function projectEntries(
  folder: string,
  manifest: Manifest,
  leave: readonly string[] = [],
): Promise<ProjectEntries> {
  const bundle = await projectBundle(folder, manifest);
  const required = bundle?.facts.modules.map(({ path }) => path) ?? [];
  const { files, left } = await collectFiles(folder, manifest, { required, leave });
  const own = files.filter(({ path }) => !isGenerated(path));
  const entries = own.map((file) => entryOf(folder, file));
  const generated = await generatedEntries({ manifest, bundle, entries });
  return { entries: [...entries, ...generated].sort((a, b) => comparePaths(a.path, b.path)), own, left };
}

/** A file as an entry, read in pieces when it is needed. */
function entryOf(folder: string, { path, mode }: CollectedFile): Entry {
  const unreadable = (cause: unknown) =>
    new PackflowError("project.unreadable", `Cannot read "${path}": ${fileErrorReason(cause)}`, {
      cause,
      place: { file: path },
    });
  try {
    const { size, chunks } = fileContent(joinPath(folder, path));
    const content = {
      size,
      async *chunks() {
        try {
          yield* chunks();
        } catch (cause) {
          throw unreadable(cause);
        }
      },
    };
    return { path, mode, content };
  } catch (cause) {
    throw unreadable(cause);
  }
}
