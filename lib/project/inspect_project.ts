import type { ArchiveLimits } from "../archive/limits.ts";
import type { PackagedFile } from "../archive/package_manifest.ts";
import { messageOf, PackflowError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import type { Manifest } from "../config/manifest.ts";
import { fileInfo, readUpTo } from "../host/files.ts";
import { MAX_SIGNATURE_BYTES, readBundle } from "../sign/bundle.ts";
import { type Contents, openContents, readText } from "./contents.ts";
import { SBOM_FILE } from "./generated_files.ts";
import { type ModelSummary, summarizeModel } from "./model_summary.ts";
import { signaturePath } from "./trust.ts";

/** A model among the files of a package. */
export interface InspectedModel {
  readonly path: string;
  readonly sha256: string;
  /** Undefined where the file is no ONNX model; `problem` says why. */
  readonly summary?: ModelSummary;
  readonly problem?: string;
}

/** An npm package whose code is in the bundle. */
export interface Dependency {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, as far as the package says one. */
  readonly license?: string;
}

/** Whether a signature lies beside a package; whether it holds, only `packflow verify --key` says. */
export interface SignatureState {
  readonly path: string;
  readonly present: boolean;
  /** The hint of the key that the signature says it was made with: SHA-256 of its PEM, which is not its id. */
  readonly keyHint?: string;
  /** Why the file beside the package is no signature. */
  readonly problem?: string;
}

/** All there is to see of a package or project. */
export interface Inspection {
  readonly contents: Contents;
  readonly models: readonly InspectedModel[];
  /** What the code asks for. */
  readonly permissions: Manifest["permissions"];
  /** In the order of their names. */
  readonly dependencies: readonly Dependency[];
  readonly signature: SignatureState;
}

/**
 * Looks into a package or project. Writes nothing and runs none of its code.
 *
 * @throws {PackflowError} as {@linkcode openContents}
 */
export async function inspectProject(path: string, limits: ArchiveLimits = {}): Promise<Inspection> {
  const contents = await openContents(path, limits);
  return {
    contents,
    models: await inspectModels(contents),
    permissions: contents.manifest.permissions,
    dependencies: dependenciesOf(await readText(contents, SBOM_FILE)),
    signature: await signatureState(contents.path),
  };
}

/** What the ONNX models of a package say of themselves. */
export async function inspectModels({ list, chunks }: Contents): Promise<InspectedModel[]> {
  const models: InspectedModel[] = [];
  for (const { path, size, sha256 } of list.files.filter(isModel)) {
    try {
      const summary = await summarizeModel({ size, chunks: () => chunks(path) }, { name: path });
      models.push({ path, sha256, summary });
    } catch (error) {
      if (!(error instanceof PackflowError) || error.code !== "model.invalid") throw error;
      models.push({ path, sha256, problem: messageOf(error) });
    }
  }
  return models;
}

/** The npm packages that a bill of materials lists; none where it cannot be read, since it promises nothing. */
export function dependenciesOf(sbom: string | undefined): Dependency[] {
  let value: unknown;
  try {
    value = JSON.parse(sbom ?? "");
  } catch {
    return [];
  }
  const components = isObject(value) && Array.isArray(value["components"]) ? value["components"] : [];
  return components.flatMap(dependencyOf).sort((a, b) => a.name < b.name ? -1 : 1);
}

function dependencyOf(component: unknown): Dependency[] {
  if (!isObject(component) || component["type"] !== "library") return [];
  const { group, name, version, licenses } = component;
  if (typeof name !== "string" || typeof version !== "string") return [];
  const [first] = Array.isArray(licenses) ? licenses : [];
  const license = isObject(first) ? first["expression"] : undefined;
  return [{
    name: typeof group === "string" ? `${group}/${name}` : name,
    version,
    ...(typeof license === "string" ? { license } : {}),
  }];
}

async function signatureState(path: string): Promise<SignatureState> {
  const file = signaturePath(path);
  if ((await fileInfo(file)) === undefined) return { path: file, present: false };
  try {
    const { key } = readBundle(await readUpTo(file, MAX_SIGNATURE_BYTES + 1));
    return { path: file, present: true, ...("hint" in key ? { keyHint: key.hint } : {}) };
  } catch (error) {
    return { path: file, present: true, problem: messageOf(error) };
  }
}

function isModel({ path }: PackagedFile): boolean {
  return path.toLowerCase().endsWith(".onnx");
}
