import { messageOf, PackflowError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { fileContent } from "../host/file_content.ts";
import { fileInfo, readFile } from "../host/files.ts";
import { joinPath, resolvePath } from "../host/path.ts";
import type { ArchivedFile } from "./archived_file.ts";
import { checkEntryPath, EntryNames, quote } from "./entry.ts";
import { type ArchiveLimits, LARGEST_MANIFEST, Limits } from "./limits.ts";
import { blobPath, layerType, OCI } from "./oci_layout.ts";
import { OpenedPackage, type VerifiedPackage } from "./open_archive.ts";
import { sha256 } from "./sha256.ts";
import { verifyPackage } from "./verify_package.ts";

/** A blob as a manifest names it. */
interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations: Readonly<Record<string, unknown>>;
}

interface Layer extends Descriptor {
  readonly path: string;
  readonly mode: 0o644 | 0o755;
}

/**
 * Verifies a package that is kept as an OCI image layout, as whole as one in an archive: the documents must be as
 * Packflow writes them, one manifest with a layer for each file, and `MANIFEST.json` must list exactly these.
 *
 * @param path The layout's folder. Blobs that its manifest does not name are not looked at.
 * @throws {PackflowError} package.*; the host's error where a file cannot be read
 */
export async function verifyOciLayout(path: string, limits: ArchiveLimits = {}): Promise<VerifiedPackage> {
  const folder = resolvePath(path);
  const checked = new Limits(limits);
  const image = await readImage(folder);
  const files = () => layerFiles(folder, image.layers, checked);
  const manifest = await verifyPackage(files());
  const digests = new Map(manifest.files.map((file) => [file.path, `sha256:${file.sha256}`]));
  for (const { path, digest } of image.layers.slice(1)) {
    if (digests.get(path) !== digest) {
      throw corrupt(`the layer of ${quote(path)} must have the digest of its file`);
    }
  }
  const size = image.layers.reduce((sum, layer) => sum + layer.size, image.size);
  return new OpenedPackage({ format: "oci", manifest, size, sha256: image.sha256 }, files);
}

/** Reads and checks all documents of a layout; whether the layers are sound is not looked at. */
async function readImage(folder: string) {
  const layout = parseObject(OCI.layoutFile, await readSmall(folder, OCI.layoutFile));
  if (layout["imageLayoutVersion"] !== OCI.layoutVersion) {
    throw corrupt(`its "${OCI.layoutFile}" must say version ${OCI.layoutVersion}`);
  }
  const index = parseObject(OCI.indexFile, await readSmall(folder, OCI.indexFile));
  const manifests = index["manifests"];
  if (!Array.isArray(manifests) || manifests.length !== 1) {
    throw corrupt(`its "${OCI.indexFile}" must name exactly one manifest`);
  }
  const named = parseDescriptor(manifests[0], OCI.manifest);
  const bytes = await readBlob(folder, named);
  const image = parseObject("the manifest", bytes);
  if (image["artifactType"] !== OCI.artifact || image["mediaType"] !== OCI.manifest) {
    throw new PackflowError(
      "package.not_a_package",
      `Cannot accept package as its manifest must be of the type ${OCI.artifact}`,
    );
  }
  const config = parseDescriptor(image["config"], OCI.config);
  await readBlob(folder, config);
  const layers = image["layers"];
  if (!Array.isArray(layers)) throw corrupt("its manifest must have layers");
  return {
    layers: layers.map(parseLayer),
    size: bytes.length + config.size,
    sha256: named.digest.slice("sha256:".length),
  };
}

async function* layerFiles(
  folder: string,
  layers: readonly Layer[],
  limits: Limits,
): AsyncGenerator<ArchivedFile, void, undefined> {
  limits.checkEntries(layers.length);
  const names = new EntryNames();
  let total = 0;
  for (const { path, size } of layers) {
    checkEntryPath(path, limits.depth);
    names.add(path, "file");
    limits.checkFile(path, size);
    limits.checkSize(total += size);
  }
  for (const { path, mode, size, digest } of layers) {
    const blob = await blobFile(folder, digest, size);
    yield { path, mode, size, chunks: soundChunks(blob) };
  }
}

/** A blob in pieces; it may be changed while it is read. */
async function* soundChunks(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* fileContent(path).chunks();
  } catch (cause) {
    throw new PackflowError("package.corrupt", `Cannot read package: ${messageOf(cause)}`, { cause });
  }
}

async function readBlob(folder: string, { digest, size }: Descriptor): Promise<Uint8Array> {
  if (size > LARGEST_MANIFEST) throw corrupt(`its documents must have at most ${LARGEST_MANIFEST} bytes`);
  const bytes = await readFile(await blobFile(folder, digest, size));
  if (`sha256:${await sha256(bytes)}` !== digest) {
    throw new PackflowError(
      "package.altered_file",
      `Cannot accept package as the blob ${digest} must have that digest`,
    );
  }
  return bytes;
}

/** The path of a blob that is a plain file of the size that was said. */
async function blobFile(folder: string, digest: string, size: number): Promise<string> {
  const path = joinPath(folder, blobPath(digest));
  const info = await fileInfo(path);
  if (info?.kind !== "file") {
    throw new PackflowError(
      "package.missing_file",
      `Cannot accept package as the blob ${digest} must be a file of it`,
    );
  }
  if (info.size === size) return path;
  throw new PackflowError(
    "package.altered_file",
    `Cannot accept package as the blob ${digest} must have ${size} bytes: current value is ${info.size}`,
  );
}

async function readSmall(folder: string, name: string): Promise<Uint8Array> {
  const path = joinPath(folder, name);
  const info = await fileInfo(path);
  if (info?.kind !== "file" || info.size > LARGEST_MANIFEST) {
    throw new PackflowError(
      "package.not_a_package",
      `Cannot accept package as its "${name}" must be a small file`,
    );
  }
  return await readFile(path);
}

function parseLayer(value: unknown, index: number): Layer {
  const layer = parseDescriptor(value, undefined);
  const path = layer.annotations[OCI.path];
  if (typeof path !== "string") throw corrupt(`layers[${index}] must be annotated with ${OCI.path}`);
  if (layer.mediaType !== layerType(path)) {
    throw corrupt(
      `the layer of ${quote(path)} must be of the type ${layerType(path)}: it is ${quote(layer.mediaType)}`,
    );
  }
  const metadata = layer.annotations[OCI.metadata];
  const about = typeof metadata === "string"
    ? parseObject(OCI.metadata, new TextEncoder().encode(metadata))
    : {};
  const mode = about["mode"];
  if (mode !== 0o644 && mode !== 0o755) {
    throw corrupt(`the layer of ${quote(path)} must have the mode 0644 or 0755`);
  }
  return { ...layer, path, mode };
}

function parseDescriptor(value: unknown, type: string | undefined): Descriptor {
  if (isObject(value)) {
    const { mediaType, digest, size, annotations = {} } = value;
    if (
      typeof mediaType === "string" && (type === undefined || mediaType === type) &&
      typeof digest === "string" && /^sha256:[0-9a-f]{64}$/.test(digest) &&
      typeof size === "number" && Number.isSafeInteger(size) && size >= 0 && isObject(annotations)
    ) return { mediaType, digest, size, annotations };
  }
  throw corrupt(
    `its documents must name what they hold by media type, SHA-256 and size${
      type === undefined ? "" : ` (${type})`
    }`,
  );
}

function parseObject(name: string, bytes: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new PackflowError("package.corrupt", `Cannot read package as ${quote(name)} must be JSON`, {
      cause,
    });
  }
  if (!isObject(value)) throw corrupt(`${quote(name)} must be an object`);
  return value;
}

function corrupt(rule: string): PackflowError {
  return new PackflowError("package.corrupt", `Cannot read package as ${rule}`);
}
