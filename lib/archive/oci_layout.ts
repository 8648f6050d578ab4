import type { JsonObject } from "../base/json.ts";
import { archiveTime } from "./archive_time.ts";
import { OCI_LAYOUT_FILE } from "./is_oci_layout.ts";
import { manifestBytes, type PackagedFile, type PackageManifest } from "./package_manifest.ts";
import { sha256 } from "./sha256.ts";
import { MANIFEST_PATH } from "./write_archive.ts";

/**
 * Media types and keys of the OCI image specification and of the CNCF ModelPack specification.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 * @see https://github.com/modelpack/model-spec/blob/main/docs/spec.md
 */
export const OCI = {
  layoutFile: OCI_LAYOUT_FILE,
  indexFile: "index.json",
  layoutVersion: "1.0.0",
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  artifact: "application/vnd.cncf.model.manifest.v1+json",
  config: "application/vnd.cncf.model.config.v1+json",
  path: "org.cncf.model.filepath",
  metadata: "org.cncf.model.file.metadata+json",
} as const;

/** What a file is to a model. */
type LayerKind = "weight" | "weight.config" | "doc" | "dataset" | "code";

/** Ends of file names by what ModelPack takes the files for; any other file is code. */
const KIND_OF_NAME: readonly [LayerKind, RegExp][] = [
  ["weight", /\.(onnx|ort|onnx[._]data|safetensors|bin|pt|pth|pb|gguf|npy|npz|pkl|joblib|weights)$/i],
  ["doc", /\.(md|rst|txt|pdf|html)$|(^|\/)(README|LICEN[CS]E|COPYING|NOTICE|MODEL_?CARD)[^/]*$/i],
  ["dataset", /\.(ndjson|jsonl|csv|tsv|parquet|arrow)(\.gz)?$/i],
  ["weight.config", /\.(json|jsonc|ya?ml|toml)$/i],
];

/** The media type of a file's layer: the file as it is, since weights hardly compress. */
export function layerType(path: string): string {
  const kind = KIND_OF_NAME.find(([, name]) => name.test(path))?.[0] ?? "code";
  return `application/vnd.cncf.model.${kind}.v1.raw`;
}

/** What the layout's configuration tells of the project, beside name and version. */
export interface OciAbout {
  readonly description?: string;
  readonly authors?: readonly string[];
  readonly license?: string;
}

/** The documents of an OCI image layout; the files of the package are further blobs, named by their SHA-256. */
export interface OciLayout {
  /** By path in the layout's folder. */
  readonly documents: ReadonlyMap<string, Uint8Array>;
  /** SHA-256 of the image manifest: what registries name the package by. */
  readonly sha256: string;
  /** Bytes of the image manifest, its configuration and its layers. */
  readonly size: number;
}

/**
 * Makes the documents of a package as an OCI image layout: one layer for each file, `MANIFEST.json` first. They depend
 * on the package's manifest and on `about` alone, and on SOURCE_DATE_EPOCH.
 *
 * @throws {PackflowError} usage.invalid_environment
 */
export async function makeOciLayout(manifest: PackageManifest, about: OciAbout = {}): Promise<OciLayout> {
  const list = manifestBytes(manifest);
  const first = { path: MANIFEST_PATH, size: list.length, mode: "0644", sha256: await sha256(list) } as const;
  const files: readonly PackagedFile[] = [first, ...manifest.files];
  const config = jsonBytes(modelConfig(manifest, about, files));
  const configDescriptor = await descriptor(OCI.config, config);
  const image = jsonBytes({
    schemaVersion: 2,
    mediaType: OCI.manifest,
    artifactType: OCI.artifact,
    config: configDescriptor,
    layers: files.map((file) => layer(file, archiveTime())),
    annotations: annotations(manifest, about),
  });
  const imageDescriptor = await descriptor(OCI.manifest, image);
  const index = jsonBytes({
    schemaVersion: 2,
    mediaType: OCI.index,
    manifests: [{
      ...imageDescriptor,
      artifactType: OCI.artifact,
      annotations: { "org.opencontainers.image.ref.name": manifest.version.replaceAll("+", "_") },
    }],
  });
  const documents = new Map([
    [OCI.layoutFile, jsonBytes({ imageLayoutVersion: OCI.layoutVersion })],
    [OCI.indexFile, index],
    [blobPath(configDescriptor.digest), config],
    [blobPath(imageDescriptor.digest), image],
    [blobPath(`sha256:${first.sha256}`), list],
  ]);
  const size = files.reduce((sum, file) => sum + file.size, image.length + config.length);
  return { documents, sha256: imageDescriptor.digest.slice("sha256:".length), size };
}

/** Where a layout keeps the bytes of a digest. */
export function blobPath(digest: string): string {
  return `blobs/${digest.replace(":", "/")}`;
}

function modelConfig(
  { name, version }: PackageManifest,
  { description = "", authors = [], license }: OciAbout,
  files: readonly PackagedFile[],
): JsonObject {
  const isOnnx = files.some(({ path }) => path.endsWith(".onnx"));
  return {
    descriptor: {
      name,
      version,
      ...(description === "" ? {} : { description }),
      ...(authors.length === 0 ? {} : { authors: [...authors] }),
      ...(license === undefined ? {} : { licenses: [license] }),
    },
    modelfs: { type: "layers", diffIds: files.map((file) => `sha256:${file.sha256}`) },
    config: isOnnx ? { format: "onnx" } : {},
  };
}

function annotations(
  { name, version }: PackageManifest,
  { description = "", license }: OciAbout,
): JsonObject {
  return {
    "org.opencontainers.image.title": name,
    "org.opencontainers.image.version": version,
    ...(description === "" ? {} : { "org.opencontainers.image.description": description }),
    ...(license === undefined ? {} : { "org.opencontainers.image.licenses": license }),
  };
}

function layer({ path, size, mode, sha256 }: PackagedFile, time: number): JsonObject {
  const metadata = {
    name: path,
    mode: Number.parseInt(mode, 8),
    uid: 0,
    gid: 0,
    size,
    mtime: new Date(time * 1000).toISOString().replace(".000Z", "Z"),
    typeflag: "0".charCodeAt(0),
  };
  return {
    mediaType: layerType(path),
    digest: `sha256:${sha256}`,
    size,
    annotations: { [OCI.path]: path, [OCI.metadata]: JSON.stringify(metadata) },
  };
}

async function descriptor(mediaType: string, bytes: Uint8Array) {
  return { mediaType, digest: `sha256:${await sha256(bytes)}`, size: bytes.length };
}

function jsonBytes(value: JsonObject): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
