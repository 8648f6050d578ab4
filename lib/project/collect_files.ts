import { checkEntryPath, comparePaths } from "../archive/entry.ts";
import { MANIFEST_PATH } from "../archive/write_archive.ts";
import { messageOf, PackflowError } from "../base/errors.ts";
import { type Manifest, MANIFEST_FILE } from "../config/manifest.ts";
import { parseBackendReference } from "../config/backend_reference.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { type FileInfo, fileInfo, isNotFound, listFolder, readFile, realPath } from "../host/files.ts";
import { joinPath, relativePath, resolvePath } from "../host/path.ts";
import { defaultExclusion } from "./default_exclusions.ts";
import { FileSelection, type IncludePattern } from "./file_selection.ts";

/** A file that goes into a package. */
export interface CollectedFile {
  /** Relative to the project, forward slashes. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** 0o755 where its owner may execute it, else 0o644. */
  readonly mode: 0o644 | 0o755;
}

/** A file or folder that stays out although the user may expect it in. */
export interface LeftFile {
  readonly path: string;
  /** To follow "left out as". */
  readonly reason: string;
}

/** What a package of a project holds. */
export interface CollectedFiles {
  /** In the order of their paths' bytes. */
  readonly files: readonly CollectedFile[];
  /** In the order of their paths' bytes. */
  readonly left: readonly LeftFile[];
}

/** What the project must have, beside what its manifest names. */
export interface CollectOptions {
  /** Paths that go in whatever the patterns say. */
  readonly required?: readonly string[];
  /** Absolute paths that stay out: the package that is being written. */
  readonly leave?: readonly string[];
}

/** A package's own list of files has this name, so that the project's cannot. */
const RESERVED = MANIFEST_PATH;

/**
 * Decides what goes into a project's package, and why the rest does not. Reads no file but `.gitignore`.
 *
 * @throws {PackflowError} `project.file_missing`, `project.link_outside`, `project.unreadable`,
 * `check.unsafe_path`.
 */
export async function collectFiles(
  folder: string,
  manifest: Manifest,
  options: CollectOptions = {},
): Promise<CollectedFiles> {
  const walk = new ProjectWalk(await realPath(folder), manifest, options);
  await walk.walkFolder("", undefined);
  await walk.addRequired();
  return walk.result();
}

/** Paths of the files without which a package is none. */
function requiredFiles(root: string, manifest: Manifest): string[] {
  const reference = parseBackendReference(manifest.backend);
  const { model } = manifest.config;
  return [
    MANIFEST_FILE,
    ...(reference.kind === "module" ? [reference.module] : []),
    ...(reference.kind === "builtin" && typeof model === "string"
      ? [relativePath(root, resolvePath(root, model))]
      : []),
  ];
}

class ProjectWalk {
  readonly #root: string;
  readonly #required: ReadonlySet<string>;
  readonly #leave: ReadonlySet<string>;
  readonly #selection: FileSelection;
  readonly #files = new Map<string, CollectedFile>();
  readonly #left: LeftFile[] = [];

  constructor(root: string, manifest: Manifest, options: CollectOptions) {
    this.#root = root;
    this.#required = new Set([...requiredFiles(root, manifest), ...(options.required ?? [])]);
    this.#leave = new Set(options.leave);
    this.#selection = new FileSelection(manifest, this.#required);
  }

  result(): CollectedFiles {
    return {
      files: [...this.#files.values()].sort((a, b) => comparePaths(a.path, b.path)),
      left: [...this.#left].sort((a, b) => comparePaths(a.path, b.path)),
    };
  }

  async walkFolder(folder: string, only: readonly IncludePattern[] | undefined): Promise<void> {
    const entries = await this.#read(folder, () => listFolder(joinPath(this.#root, folder)));
    // The mark of a Python virtual environment, whatever its folder is called.
    if (folder !== "" && entries.some(({ name }) => name === "pyvenv.cfg")) return;
    if (entries.some(({ name, kind }) => name === ".gitignore" && kind === "file")) {
      const path = joinPath(this.#root, folder, ".gitignore");
      const text = new TextDecoder().decode(await this.#read(folder, () => readFile(path)));
      this.#selection.ignored.add(folder, text);
    }
    for (const { name, kind } of entries) {
      const path = folder === "" ? name : `${folder}/${name}`;
      if (kind === "directory") await this.#visitFolder(path, only);
      else await this.#visitFile(path, kind, only);
    }
  }

  /** Adds the required files that lie in folders the walk passed by. */
  async addRequired(): Promise<void> {
    for (const path of this.#required) {
      if (this.#files.has(path)) continue;
      // Taken as a link, since a folder on the way to it may be one.
      const info = await fileInfo(joinPath(this.#root, path));
      if (info !== undefined) await this.#visitFile(path, "link");
      if (this.#files.has(path)) continue;
      throw new PackflowError(
        "project.file_missing",
        `Cannot package the project as "${path}" must be a file: there is none`,
        { place: { file: path } },
      );
    }
  }

  async #visitFolder(path: string, only: readonly IncludePattern[] | undefined): Promise<void> {
    const verdict = this.#selection.folder(path, only);
    if (verdict === "all") await this.walkFolder(path, undefined);
    else if (!("take" in verdict)) await this.walkFolder(path, verdict);
    else if (!verdict.take && verdict.reason !== undefined) {
      this.#leaveOut(`${path}/`, verdict.reason);
    }
  }

  async #visitFile(path: string, kind: FileInfo["kind"], only?: readonly IncludePattern[]): Promise<void> {
    const absolute = joinPath(this.#root, path);
    if (this.#leave.has(absolute)) return;
    const verdict = this.#selection.file(path, only);
    if (!verdict.take) {
      if (verdict.reason !== undefined) this.#leaveOut(path, verdict.reason);
      return;
    }
    if (path === RESERVED) return await this.#leaveReserved(absolute);
    const target = kind === "link" ? await this.#followLink(path, absolute) : absolute;
    if (target === undefined) return;
    const info = await this.#read(path, () => fileInfo(target));
    if (info?.kind !== "file") return this.#leaveOut(path, "it is neither a file nor a folder");
    checkPath(path);
    const executable = ((info.mode ?? 0) & 0o100) !== 0;
    this.#files.set(path, {
      path,
      size: info.size,
      mode: executable ? 0o755 : 0o644,
    });
  }

  /** Where a link leads, when that may be packed as if it were a file in the link's place. */
  async #followLink(path: string, absolute: string): Promise<string | undefined> {
    const target = await realTarget(absolute);
    const inside = target === undefined ? undefined : relativePath(this.#root, target);
    if (target === undefined || inside === undefined) {
      return this.#leaveLink(path, "it is a link to nothing");
    }
    if (inside === "" || inside === ".." || inside.startsWith("../")) {
      return this.#leaveLink(path, "it leads outside the project");
    }
    if ((await fileInfo(target))?.kind !== "file") return this.#leaveLink(path, "it is a link to a folder");
    // A harmless name must not carry out what stays in under its own.
    const barred = inside !== path &&
      inside.split("/").some((name) => defaultExclusion(name) !== undefined);
    return barred ? this.#leaveLink(path, `it is a link to "${inside}", which stays out`) : target;
  }

  /** An unpacked package has its old list there, which nobody expects in the next. */
  async #leaveReserved(absolute: string): Promise<void> {
    const text = new TextDecoder().decode(await this.#read(RESERVED, () => readFile(absolute)));
    if (!text.includes('"packflow.package/')) {
      this.#leaveOut(RESERVED, "a package has its own list of files under this name");
    }
  }

  #leaveLink(path: string, reason: string): undefined {
    if (!this.#required.has(path)) return this.#leaveOut(path, reason);
    throw new PackflowError(
      "project.link_outside",
      `Cannot package "${path}" as it must be a file of the project: ${reason}`,
      {
        place: { file: path },
        remedy: "Copy the file itself into the project in place of the link",
      },
    );
  }

  #leaveOut(path: string, reason: string): undefined {
    this.#left.push({ path, reason });
  }

  async #read<T>(path: string, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (cause) {
      throw new PackflowError(
        "project.unreadable",
        `Cannot read "${path === "" ? this.#root : path}" of the project: ${fileErrorReason(cause)}`,
        { cause, place: { file: path } },
      );
    }
  }
}

/** The file a link leads to; undefined where it dangles or leads round in a circle. */
async function realTarget(path: string): Promise<string | undefined> {
  try {
    return await realPath(path);
  } catch (error) {
    if (isNotFound(error) || /too many (levels of )?symbolic links/i.test(messageOf(error))) return undefined;
    throw error;
  }
}

function checkPath(path: string): void {
  try {
    checkEntryPath(path);
  } catch (cause) {
    throw new PackflowError("check.unsafe_path", messageOf(cause), {
      cause,
      place: { file: path },
    });
  }
}
