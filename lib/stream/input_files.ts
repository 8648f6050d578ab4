import { PackflowError } from "../base/errors.ts";
import { fileInfo } from "../host/files.ts";
import { matchPaths } from "../host/glob.ts";
import { formatOfPath, type InputFormat, isGzipPath } from "../records/formats.ts";
import { gunzipSource } from "./gzip_source.ts";
import { openSource, type Source } from "./source.ts";

/** The inputs of a run, none of them opened yet. */
export interface InputFiles {
  /** Paths in the order in which they are read; "-" is the standard input. */
  readonly paths: readonly string[];
  /** The format that their names tell; undefined if none does. */
  readonly format: InputFormat | undefined;
}

const PATTERN = /[*?[\]{}]/;

/**
 * Finds the files of inputs as the user names them: paths, "-", or patterns with `*`, `**`, `?`, `[...]` and `{a,b}`.
 * What a pattern matches comes sorted; a path that exists is no pattern.
 *
 * @throws {PackflowError} `source.not_found` for what is not there or matches nothing, `source.not_readable` for a
 * folder, `usage.invalid` for a file that comes twice or for names that tell different formats.
 */
export async function findInputFiles(inputs: readonly string[]): Promise<InputFiles> {
  const found = await Promise.all(inputs.map(pathsOf));
  const paths = found.flat();
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) {
    throw new PackflowError(
      "usage.invalid",
      `Cannot read input "${twice}" as each must be named once: it is named twice, or a pattern matches it too`,
    );
  }
  return { paths, format: commonFormat(paths) };
}

/** Opens an input, unpacked if it is gzip. It throws like {@linkcode openSource}. */
export async function openInput(path: string): Promise<Source> {
  return gunzipSource(await openSource(path), isGzipPath(path));
}

async function pathsOf(input: string): Promise<string[]> {
  if (input === "-" || !PATTERN.test(input) || await fileInfo(input) !== undefined) {
    await refuseFolder(input);
    return [input];
  }
  const paths = await matchPaths(input);
  if (paths.length === 0) {
    throw new PackflowError("source.not_found", `Cannot read input "${input}" as it must match a file`, {
      place: { file: input },
    });
  }
  for (const path of paths) await refuseFolder(path);
  return paths;
}

/** Sees early, before any work, what opening would refuse much later. */
async function refuseFolder(path: string): Promise<void> {
  const info = path === "-" ? undefined : await fileInfo(path);
  const place = { place: { file: path } };
  if (path !== "-" && info === undefined) {
    throw new PackflowError("source.not_found", `Cannot read input "${path}" as it must exist`, place);
  }
  if (info?.kind !== "directory") return;
  throw new PackflowError(
    "source.not_readable",
    `Cannot read input "${path}" as it must be a file: it is a folder`,
    place,
  );
}

function commonFormat(paths: readonly string[]): InputFormat | undefined {
  let first: { readonly path: string; readonly format: InputFormat } | undefined;
  for (const path of paths) {
    const format = formatOfPath(path);
    if (format === undefined) continue;
    first ??= { path, format };
    if (format === first.format) continue;
    throw new PackflowError(
      "usage.invalid",
      `Cannot read "${path}" after "${first.path}" as inputs must be of one format: ` +
        `their names tell ${format} and ${first.format}`,
    );
  }
  return first?.format;
}
