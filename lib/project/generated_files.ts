import { bytesContent, type Entry } from "../archive/entry.ts";
import { parseBackendReference } from "../config/backend_reference.ts";
import type { Manifest } from "../config/manifest.ts";
import { backendBundle, BUNDLE_FILES, bundleFiles, GENERATED_FOLDER } from "../loader/packaged_bundle.ts";
import type { PortableBundle } from "../loader/portable_bundle.ts";
import { modelFacts } from "./model_facts.ts";
import { makeSbom } from "./sbom.ts";

/** The file of a package that lists what it is made of. */
export const SBOM_FILE: string = `${GENERATED_FOLDER}/sbom.cdx.json`;

/** What the files that Packflow adds to a package are made of. */
export interface GeneratedFrom {
  readonly manifest: Manifest;
  /** The backend's bundle; undefined where the project has no code of its own. */
  readonly bundle: PortableBundle | undefined;
  /** The project's own files. */
  readonly entries: readonly Entry[];
}

/**
 * The bundle of the backend that a project's manifest names; undefined for a backend that Packflow brings.
 *
 * @throws {PackflowError} `backend.*`, `loader.*`
 */
export async function projectBundle(folder: string, manifest: Manifest): Promise<PortableBundle | undefined> {
  const reference = parseBackendReference(manifest.backend);
  return reference.kind === "module" ? await backendBundle(folder, reference.module) : undefined;
}

/** The files that Packflow adds to a package: the bundle of its code and the bill of materials. */
export async function generatedEntries({ manifest, bundle, entries }: GeneratedFrom): Promise<Entry[]> {
  const models = await modelFacts(entries);
  const files = new Map([
    ...(bundle === undefined ? [] : bundleFiles(bundle)),
    [SBOM_FILE, makeSbom({ manifest, bundle: bundle?.facts, models })],
  ]);
  return [...files].map(([path, text]) => ({
    path,
    mode: 0o644,
    content: bytesContent(new TextEncoder().encode(text)),
  }));
}

const GENERATED: ReadonlySet<string> = new Set([...BUNDLE_FILES, SBOM_FILE]);

/** Whether a path in a package is Packflow's to write, so that the project's own file of the name stays out. */
export function isGenerated(path: string): boolean {
  return GENERATED.has(path.toLowerCase());
}
