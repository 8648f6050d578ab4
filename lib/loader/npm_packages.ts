import { isObject } from "../base/json.ts";
import { fileInfo, isNotFound, listFolder, readTextFile, realPath } from "../host/files.ts";
import { joinPath, relativePath } from "../host/path.ts";

/** A package in a project's `node_modules`, or the project's own package.json. */
export interface NpmPackage {
  /** As its package.json says. */
  readonly name: string;
  /** Empty where its package.json has none. */
  readonly version: string;
  /** Relative to the project, links resolved; "" for the project itself. */
  readonly folder: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** The packages installed in a project's `node_modules`, as npm, pnpm or Deno lay them out. */
export class NpmPackages {
  readonly #root: string;
  readonly #known = new Map<string, Promise<NpmPackage | undefined>>();

  /** @param root The project's folder, links resolved. */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * The package that a name means in a folder: that of the nearest `node_modules` upwards, within the project.
   *
   * @param from Folder relative to the project, links resolved.
   * @returns "outside" where it is a link that leads out of the project.
   */
  async find(name: string, from: string): Promise<NpmPackage | "outside" | undefined> {
    for (let folder: string | undefined = from; folder !== undefined; folder = parentOf(folder)) {
      if (folder === "node_modules" || folder.endsWith("/node_modules")) continue;
      const found = await this.#at(`${folder === "" ? "" : `${folder}/`}node_modules/${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Another version of a package, where Deno or pnpm keeps all of them. */
  async findVersion(
    name: string,
    fits: (version: string) => Promise<boolean>,
  ): Promise<NpmPackage | undefined> {
    for (const store of ["node_modules/.deno", "node_modules/.pnpm"]) {
      for (const { name: entry } of await this.entries(store)) {
        if (!entry.startsWith(`${name.replace("/", "+")}@`)) continue;
        const found = await this.#at(`${store}/${entry}/node_modules/${name}`);
        if (found !== undefined && found !== "outside" && await fits(found.version)) return found;
      }
    }
    return undefined;
  }

  /** The package that a file belongs to: that of the nearest package.json which has a name, or the project. */
  async owner(path: string): Promise<NpmPackage | undefined> {
    for (let folder = parentOf(path); folder !== undefined; folder = parentOf(folder)) {
      if (folder === "node_modules" || folder.endsWith("/node_modules")) return undefined;
      const found = await this.#read(folder);
      if (found !== undefined && (found.name !== "" || folder === "")) return found;
    }
    return undefined;
  }

  async #at(path: string): Promise<NpmPackage | "outside" | undefined> {
    const folder = await this.realPath(path);
    if (folder === undefined || folder === "outside") return folder;
    return await this.#read(folder);
  }

  /** A path relative to the project with its links resolved; undefined where nothing is there. */
  async realPath(path: string): Promise<string | "outside" | undefined> {
    let real: string;
    try {
      real = await realPath(joinPath(this.#root, path));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
    const relative = relativePath(this.#root, real);
    // On Windows a path on another drive stays absolute.
    return relative === ".." || relative.startsWith("../") || /^[A-Za-z]:|^\//.test(relative)
      ? "outside"
      : relative;
  }

  /** Whether a path relative to the project is a file, links followed. */
  async isFile(path: string): Promise<boolean> {
    const real = await this.realPath(path);
    if (real === undefined || real === "outside") return false;
    return (await fileInfo(joinPath(this.#root, real)))?.kind === "file";
  }

  /** The entries of a folder relative to the project; none where there is no such folder. */
  async entries(path: string): Promise<{ name: string; kind: string }[]> {
    try {
      return await listFolder(joinPath(this.#root, path));
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  }

  #read(folder: string): Promise<NpmPackage | undefined> {
    const known = this.#known.get(folder) ?? this.#readNew(folder);
    this.#known.set(folder, known);
    return known;
  }

  async #readNew(folder: string): Promise<NpmPackage | undefined> {
    let json: unknown;
    try {
      json = JSON.parse(await readTextFile(joinPath(this.#root, folder, "package.json")));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      // What is no package.json describes no package; an import that needs it says so.
      if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
      throw error;
    }
    if (!isObject(json)) return undefined;
    const { name, version } = json;
    return {
      name: typeof name === "string" ? name : "",
      version: typeof version === "string" ? version : "",
      folder,
      json,
    };
  }
}

/** Whether a file, relative to the project, lies in `node_modules`. */
export function isInPackage(path: string): boolean {
  return path.split("/").includes("node_modules");
}

function parentOf(path: string): string | undefined {
  if (path === "") return undefined;
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
}
