import { isObject } from "../base/json.ts";
import { readSettings } from "./project_settings.ts";

/** What a lock file says of an installed package. */
export interface LockVerdict {
  /** The hash of the package's archive, such as "sha512-…"; undefined where no lock has one. */
  readonly integrity?: string;
  /** What is wrong, to follow "as". */
  readonly problem?: string;
}

/** A package in `node_modules`. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Its folder, relative to the project. */
  readonly folder: string;
}

interface Lock {
  readonly file: string;
  /** The versions of a package that the file allows, or undefined where it does not name it. */
  find(of: InstalledPackage): { versions: string[]; integrity: string | undefined } | undefined;
}

/** The lock files of a project: `deno.lock` and `package-lock.json`, those of the two that are there. */
export class LockedVersions {
  readonly #locks: readonly Lock[];
  readonly #specifiers: Readonly<Record<string, unknown>>;

  private constructor(locks: readonly Lock[], specifiers: Readonly<Record<string, unknown>>) {
    this.#locks = locks;
    this.#specifiers = specifiers;
  }

  /**
   * Reads them from a project's folder.
   *
   * @throws {PackflowError} `loader.invalid_settings`
   */
  static async read(folder: string): Promise<LockedVersions> {
    const deno = await readSettings(folder, "deno.lock");
    const npm = await readSettings(folder, "package-lock.json");
    const specifiers = isObject(deno?.["specifiers"]) ? deno["specifiers"] : {};
    return new LockedVersions([
      // Deno 1 kept packages under another key.
      ...(deno === undefined || isObject(deno["packages"]) ? [] : [denoLock(deno)]),
      ...(npm === undefined ? [] : [npmLock(npm)]),
    ], specifiers);
  }

  /** The version that `deno.lock` has for `npm:name@range`. */
  versionFor(name: string, range: string | undefined): string | undefined {
    const key = `npm:${name}@${range ?? "*"}`;
    const locked = Object.hasOwn(this.#specifiers, key) ? this.#specifiers[key] : undefined;
    return typeof locked === "string" ? withoutPeers(locked) : undefined;
  }

  /** Whether an installed package is the one that is locked; with no lock file any is. */
  check(found: InstalledPackage): LockVerdict {
    let integrity: string | undefined;
    let isNamed = false;
    for (const lock of this.#locks) {
      const locked = lock.find(found);
      if (locked === undefined) continue;
      isNamed = true;
      if (!locked.versions.includes(found.version)) {
        const versions = locked.versions.join(" or ");
        return {
          problem: `${lock.file} has it in version ${versions}, but node_modules in ${found.version}`,
        };
      }
      integrity ??= locked.integrity;
    }
    if (this.#locks.length > 0 && !isNamed) {
      const files = this.#locks.map(({ file }) => file).join(" or ");
      return { problem: `node_modules has version ${found.version}, but it is not in ${files}` };
    }
    return integrity === undefined ? {} : { integrity };
  }
}

function denoLock(lock: Record<string, unknown>): Lock {
  const versions = new Map<string, Map<string, string | undefined>>();
  for (const [id, entry] of Object.entries(isObject(lock["npm"]) ? lock["npm"] : {})) {
    const at = id.indexOf("@", 1);
    const [name, version] = [id.slice(0, at), withoutPeers(id.slice(at + 1))];
    const known = versions.get(name) ?? new Map();
    versions.set(name, known.set(version, textOf(entry, "integrity")));
  }
  return {
    file: "deno.lock",
    find({ name, version }) {
      const known = versions.get(name);
      return known === undefined
        ? undefined
        : { versions: [...known.keys()].sort(), integrity: known.get(version) };
    },
  };
}

function npmLock(lock: Record<string, unknown>): Lock {
  const packages = isObject(lock["packages"]) ? lock["packages"] : {};
  return {
    file: "package-lock.json",
    find({ folder }) {
      const entry = Object.hasOwn(packages, folder) ? packages[folder] : undefined;
      const version = textOf(entry, "version");
      return version === undefined
        ? undefined
        : { versions: [version], integrity: textOf(entry, "integrity") };
    },
  };
}

/** Deno adds the versions of peers after an underscore. */
function withoutPeers(version: string): string {
  return version.split("_", 1)[0] ?? version;
}

function textOf(entry: unknown, key: string): string | undefined {
  const value = isObject(entry) ? entry[key] : undefined;
  return typeof value === "string" ? value : undefined;
}
