import { type BundledPackage, sha256Hex } from "./portable_bundle.ts";
import type { ImportProblem, ImportResolver } from "./resolve_import.ts";
import { installRemedy } from "./resolve_npm.ts";

interface PackageRecord {
  readonly name: string;
  readonly version: string;
  readonly license: string | undefined;
  readonly integrity: string | undefined;
  readonly files: Map<string, string>;
  readonly imports: Set<string>;
}

/** Which npm packages go into a bundle, with what. */
export class PackageRecords {
  readonly #resolver: ImportResolver;
  readonly #records = new Map<string, PackageRecord>();
  readonly #direct = new Set<string>();

  constructor(resolver: ImportResolver) {
    this.#resolver = resolver;
  }

  /**
   * Notes that a file of a package is imported, and checks the package's version.
   *
   * @param path Relative to the project.
   * @param importer The file that imports it.
   * @returns What is wrong with the package; undefined where nothing is.
   */
  async add(path: string, importer: string): Promise<ImportProblem | undefined> {
    const { packages, locks, settings } = await this.#resolver.context();
    const owner = await packages.owner(path);
    if (owner === undefined || owner.folder === "") return undefined;
    const { problem, integrity } = locks.check(owner);
    if (problem !== undefined) {
      return {
        kind: "problem",
        code: "loader.lock_mismatch",
        reason: `the package "${owner.name}" must be the one that is locked: ${problem}`,
        remedy: installRemedy(settings),
      };
    }
    const id = `${owner.name}@${owner.version}`;
    if (!this.#records.has(id)) {
      const { name, version, json } = owner;
      this.#records.set(id, {
        name,
        version,
        license: licenseOf(json),
        integrity,
        files: new Map(),
        imports: new Set(),
      });
    }
    await this.#addEdge(id, importer);
    return undefined;
  }

  async #addEdge(id: string, importer: string): Promise<void> {
    const { packages } = await this.#resolver.context();
    const from = await packages.owner(importer);
    if (from === undefined || from.folder === "") {
      this.#direct.add(id);
      return;
    }
    const fromId = `${from.name}@${from.version}`;
    if (fromId !== id) this.#records.get(fromId)?.imports.add(id);
  }

  /** Notes the text of a package's file that goes into the bundle. */
  async addFile(path: string, text: string): Promise<void> {
    const owner = await (await this.#resolver.context()).packages.owner(path);
    if (owner === undefined || owner.folder === "") return;
    const record = this.#records.get(`${owner.name}@${owner.version}`);
    record?.files.set(path.slice(owner.folder.length + 1), sha256Hex(text));
  }

  /** The packages, sorted by name and version. */
  list(): BundledPackage[] {
    return [...this.#records].filter(([, { files }]) => files.size > 0).map(([, record]) => {
      const { name, version, license, integrity, files, imports } = record;
      return {
        name,
        version,
        ...(license === undefined ? {} : { license }),
        ...(integrity === undefined ? {} : { integrity }),
        files: files.size,
        sha256: digestOf(files),
        imports: [...imports].sort(),
      };
    }).sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
  }

  /** The packages that the project itself imports, as `name@version`, sorted. */
  direct(): string[] {
    return [...this.#direct].sort();
  }
}

function digestOf(files: ReadonlyMap<string, string>): string {
  const lines = [...files].map(([path, sha256]) => `${sha256} ${path}\n`).sort();
  return sha256Hex(lines.join(""));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `license` of a package.json; old ones have an object, or a list of them. */
function licenseOf(json: Readonly<Record<string, unknown>>): string | undefined {
  const { license, licenses } = json;
  const first = license ?? (Array.isArray(licenses) ? licenses[0] : undefined);
  if (typeof first === "string") return first;
  const type = typeof first === "object" && first !== null && "type" in first ? first.type : undefined;
  return typeof type === "string" ? type : undefined;
}
