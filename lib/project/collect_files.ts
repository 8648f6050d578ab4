import { checkEntryPath, comparePaths } from "../archive/entry.ts";
import { MANIFEST_PATH } from "../archive/write_archive.ts";
import { messageOf, PackflowError } from "../base/errors.ts";
import { type Manifest, MANIFEST_FILE } from "../config/manifest.ts";
import { parseBackendReference } from "../config/backend_reference.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { type FileInfo, fileInfo, listFolder, readFile, readFileHead, realPath } from "../host/files.ts";
import { joinPath, relativePath, resolvePath } from "../host/path.ts";
import { HEAD_BYTES, MARKED_FOLDERS, packageContent, secretContent } from "./default_exclusions.ts";
import { FileSelection, type IncludePattern, type Left, type Taken } from "./file_selection.ts";
import { followLink } from "./follow_link.ts";
import { GOLDEN_FILE } from "./golden_events.ts";
import { modelWeights } from "./model_weights.ts";

/** A file that goes into a package. */
export interface CollectedFile {
  /** Relative to the project, forward slashes. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** 0o755 where its owner may execute it, else 0o644. */
  readonly mode: 0o644 | 0o755;
  /** Of a file that the package needs: why it would have stayed out, to follow "although". */
  readonly despite?: string;
}

/** A file or folder that stays out; a folder's path ends in a slash. */
export interface LeftFile {
  readonly path: string;
  /** To follow "left out as". */
  readonly reason: string;
  /** Whether the user should hear of it unasked: no pattern of theirs says so. */
  readonly told: boolean;
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
 * Decides what goes into a project's package, and why the rest does not. Reads `.gitignore` files, and the first bytes
 * of the others, which may hold secrets.
 *
 * @throws {PackflowError} `project.file_missing`, `project.link_outside`, `project.unreadable`,
 * `check.unsafe_path`.
 */
export async function collectFiles(
  folder: string,
  manifest: Manifest,
  options: CollectOptions = {},
): Promise<CollectedFiles> {
  const root = await realPath(folder);
  const golden = await fileInfo(joinPath(root, GOLDEN_FILE)) === undefined ? [] : [GOLDEN_FILE];
  const required = [...requiredFiles(root, manifest), ...golden, ...(options.required ?? [])];
  const walk = new ProjectWalk(root, manifest, { ...options, required });
  await walk.walkFolder("", undefined);
  await walk.addRequired();
  await walk.addWeights();
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
  readonly #required: Set<string>;
  readonly #leave: ReadonlySet<string>;
  readonly #selection: FileSelection;
  readonly #files = new Map<string, CollectedFile>();
  readonly #left: LeftFile[] = [];

  constructor(root: string, manifest: Manifest, { required, leave }: CollectOptions) {
    this.#root = root;
    this.#required = new Set(required);
    this.#leave = new Set(leave);
    this.#selection = new FileSelection(manifest, this.#required);
  }

  result(): CollectedFiles {
    return {
      files: [...this.#files.values()].sort((a, b) => comparePaths(a.path, b.path)),
      // A required file may lie in a folder that was passed by.
      left: this.#left.filter(({ path }) => !this.#files.has(path))
        .sort((a, b) => comparePaths(a.path, b.path)),
    };
  }

  async walkFolder(folder: string, only: readonly IncludePattern[] | undefined): Promise<void> {
    const entries = await this.#read(folder, () => listFolder(joinPath(this.#root, folder)));
    const mark = entries.find(({ name, kind }) => kind === "file" && MARKED_FOLDERS.has(name));
    const exclusion = folder === "" ? undefined : MARKED_FOLDERS.get(mark?.name ?? "");
    if (exclusion !== undefined) return this.#leaveOut(`${folder}/`, exclusion);
    if (entries.some(({ name, kind }) => name === ".gitignore" && kind === "file")) {
      const path = joinPath(this.#root, folder, ".gitignore");
      this.#selection.ignored.add(folder, await this.#read(folder, () => readFile(path)));
    }
    for (const { name, kind } of entries) {
      const path = folder === "" ? name : `${folder}/${name}`;
      if (this.#leave.has(joinPath(this.#root, path))) continue;
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
      if (info !== undefined) await this.#visitFile(path, "link", []);
      if (this.#files.has(path)) continue;
      throw missing(path, "");
    }
  }

  /** Adds the files in which models have their weights: without them a model is none. */
  async addWeights(): Promise<void> {
    const models = [...this.#files.keys()];
    for (const { path, model } of await modelWeights(this.#root, models)) {
      if (this.#files.has(path)) continue;
      const isNeeded = this.#required.has(model);
      this.#required.add(path);
      if (await fileInfo(joinPath(this.#root, path)) !== undefined) await this.#visitFile(path, "link", []);
      if (isNeeded && !this.#files.has(path)) throw missing(path, `, with weights of "${model}"`);
    }
  }

  async #visitFolder(path: string, only: readonly IncludePattern[] | undefined): Promise<void> {
    const verdict = this.#selection.folder(path, only);
    if (verdict === "all") await this.walkFolder(path, undefined);
    else if (!("take" in verdict)) await this.walkFolder(path, verdict);
    else this.#leaveOut(`${path}/`, verdict);
  }

  async #visitFile(path: string, kind: FileInfo["kind"], only?: readonly IncludePattern[]): Promise<void> {
    const absolute = joinPath(this.#root, path);
    const verdict = this.#selection.file(path, only);
    if (!verdict.take) return this.#leaveOut(path, verdict);
    if (path === RESERVED) return await this.#leaveReserved(absolute);
    const target = kind === "link" ? await this.#followLink(path, absolute) : absolute;
    if (target === undefined) return;
    const info = await this.#read(path, () => fileInfo(target));
    if (info?.kind !== "file") return this.#leaveOut(path, told("it is neither a file nor a folder"));
    const head = await this.#read(path, () => readFileHead(target, HEAD_BYTES));
    const exclusion = secretContent(head) ?? packageContent(head);
    const content = exclusion === undefined ? verdict : this.#selection.content(path, exclusion);
    if (!content.take) return this.#leaveOut(path, content);
    checkPath(path);
    const mode = ((info.mode ?? 0) & 0o100) === 0 ? 0o644 : 0o755;
    this.#files.set(path, { path, size: info.size, mode, ...despite(verdict, content) });
  }

  async #followLink(path: string, absolute: string): Promise<string | undefined> {
    const followed = await followLink(this.#root, path, absolute);
    if ("target" in followed) return followed.target;
    if (!this.#required.has(path)) return this.#leaveOut(path, told(followed.reason));
    throw new PackflowError(
      "project.link_outside",
      `Cannot package "${path}" as it must be a file of the project: ${followed.reason}`,
      {
        place: { file: path },
        remedy: "Copy the file itself into the project in place of the link",
      },
    );
  }

  /** An unpacked package has its old list there, which nobody expects in the next. */
  async #leaveReserved(absolute: string): Promise<void> {
    const text = new TextDecoder().decode(await this.#read(RESERVED, () => readFile(absolute)));
    const isOurs = text.includes('"packflow.package/');
    const reason = "a package has its own list of files under this name";
    this.#leaveOut(RESERVED, { reason, told: !isOurs });
  }

  #leaveOut(path: string, { reason, told }: Pick<Left, "reason" | "told">): undefined {
    this.#left.push({ path, reason, told });
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

function missing(path: string, what: string): PackflowError {
  return new PackflowError(
    "project.file_missing",
    `Cannot package the project as "${path}" must be a file${what}: there is none`,
    { place: { file: path } },
  );
}

function told(reason: string): { reason: string; told: true } {
  return { reason, told: true };
}

/** What holds a secret is worth a word before what a pattern says. */
function despite(byName: Taken, byContent: Taken): { despite?: string } {
  const reason = byContent.despite ?? byName.despite;
  return reason === undefined ? {} : { despite: reason };
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
