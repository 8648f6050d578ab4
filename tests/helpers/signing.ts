/** Keys, packages and signatures for tests. */
import { basename, join } from "node:path";
import { sha256 } from "../../lib/archive/sha256.ts";
import { signAlgorithm } from "../../lib/sign/curve.ts";
import { preAuthEncoding, writeBundle } from "../../lib/sign/bundle.ts";
import { signatureToDer } from "../../lib/sign/der_signature.ts";
import type { Curve } from "../../lib/sign/curve.ts";
import { generateKeyPair, parsePrivateKey, type PrivateKey } from "../../lib/sign/private_key.ts";
import { signFiles } from "../../lib/sign/signature.ts";
import type { FileDigests } from "../../lib/sign/statement.ts";
import { archive, type File, packed } from "./archives.ts";

/** A new key. */
export async function newKey(curve: Curve["name"] = "P-256"): Promise<PrivateKey> {
  return await parsePrivateKey((await generateKeyPair(curve, "new.pub.pem")).privatePem, "new.pem");
}

/** The digests of files. */
export async function digestsOf(files: readonly File[]): Promise<FileDigests> {
  return new Map(await Promise.all(files.map(async ({ path, data }) => [path, await sha256(data)] as const)));
}

/** A payload of anyone's making, signed as it is. */
export async function signPayload(
  payload: string | Uint8Array,
  { key, publicKey }: PrivateKey,
): Promise<Uint8Array> {
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  const algorithm = signAlgorithm(publicKey.curve);
  const halves = new Uint8Array(await crypto.subtle.sign(algorithm, key, preAuthEncoding(bytes)));
  return writeBundle({ hint: publicKey.hint, payload: bytes, signature: signatureToDer(halves) });
}

/** What a signature file says, to be changed. */
export function bundleOf(bytes: Uint8Array) {
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** A signature file of what it should say. */
export function bundleBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** A signed package in a folder, with the keys' files. */
export interface SignedPackage {
  readonly path: string;
  readonly signature: string;
  /** The public key's file. */
  readonly key: string;
  readonly privateKey: PrivateKey;
  /** The package's files, its manifest first. */
  readonly files: readonly File[];
}

/** Writes a package of these files, its signature and the public key into a folder. */
export async function writeSigned(folder: string, files: readonly File[]): Promise<SignedPackage> {
  const all = await packed(files);
  const privateKey = await newKey();
  const path = join(folder, "sample-1.2.3.tar.gz");
  const signature = `${path}.sig`;
  const key = join(folder, "trusted.pub.pem");
  await Deno.writeFile(path, await archive(all));
  await Deno.writeFile(signature, await signFiles("sample-1.2.3", await digestsOf(all), privateKey));
  await Deno.writeTextFile(key, privateKey.publicKey.pem);
  return { path, signature, key, privateKey, files: all };
}

/** Writes files below a folder that is new. */
export async function writeFiles(folder: string, files: readonly File[]): Promise<string> {
  for (const { path, data, mode } of files) {
    const file = join(folder, path);
    await Deno.mkdir(file.slice(0, -basename(file).length), { recursive: true });
    await Deno.writeFile(file, data, { mode });
  }
  return folder;
}
