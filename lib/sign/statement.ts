import { checkEntryPath, comparePaths, EntryNames, quote } from "../archive/entry.ts";
import { sha256 } from "../archive/sha256.ts";
import { messageOf, PackflowError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { refuseSignature } from "./fail.ts";
import { parseStrictJson } from "./strict_json.ts";

const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
const PREDICATE_TYPE = "https://model_signing/signature/v1.0";
const HASH = "sha256";

/** What Model Signing leaves out at the top of a folder: Git's own files. */
export const UNSIGNED_NAMES: readonly string[] = [".git", ".gitattributes", ".github", ".gitignore"];

/** SHA-256 by path, in lower-case hexadecimal. */
export type FileDigests = ReadonlyMap<string, string>;

/** What a signature says, once it is known to be by a trusted key. */
export interface SignedFiles {
  /** The name of what was signed; it means nothing for security. */
  readonly name: string;
  readonly files: FileDigests;
}

/** Whether a path is one of Git's files, which signatures leave out. */
export function isUnsignedPath(path: string): boolean {
  const [top = path] = path.split("/", 1);
  return UNSIGNED_NAMES.includes(top);
}

/**
 * The statement that files have these digests, as the bytes to sign.
 *
 * @param name What the files are together, such as "my-model-1.0.0".
 */
export async function makeStatement(name: string, digests: FileDigests): Promise<Uint8Array> {
  const resources = [...digests]
    .filter(([path]) => !isUnsignedPath(path))
    .sort(([a], [b]) => comparePaths(a, b))
    .map(([path, digest]) => ({ name: path, digest, algorithm: HASH }));
  const statement = {
    _type: STATEMENT_TYPE,
    subject: [{ name, digest: { [HASH]: await rootDigest(resources) } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      resources,
      serialization: {
        allow_symlinks: false,
        ignore_paths: UNSIGNED_NAMES,
        hash_type: HASH,
        method: "files",
      },
    },
  };
  return new TextEncoder().encode(JSON.stringify(statement, null, 2));
}

/** SHA-256 over the digests of all files, as bytes, in their order. */
function rootDigest(resources: readonly { digest: string }[]): Promise<string> {
  return sha256(Uint8Array.fromHex(resources.map(({ digest }) => digest).join("")));
}

/**
 * Reads a statement whose signature has been verified. Members that are not known are signed too, and mean nothing.
 *
 * @throws {PackflowError} signature.invalid_statement, signature.unsupported
 */
export async function parseStatement(payload: Uint8Array): Promise<SignedFiles> {
  const statement = object(
    parseStrictJson(payload, (rule, cause) => invalid(`the statement must ${rule}`, cause)),
    "the statement",
  );
  supported(statement["_type"], STATEMENT_TYPE, "_type");
  supported(statement["predicateType"], PREDICATE_TYPE, "predicateType");
  const predicate = object(statement["predicate"], "predicate");
  checkSerialization(object(predicate["serialization"], "serialization"));
  const resources = readResources(predicate["resources"]);
  const name = await checkSubject(statement["subject"], resources);
  checkNames(resources.map((resource) => resource.name));
  return { name, files: new Map(resources.map(({ name, digest }) => [name, digest])) };
}

function checkSerialization(serialization: Readonly<Record<string, unknown>>): void {
  supported(serialization["method"], "files", "method");
  supported(serialization["hash_type"], HASH, "hash_type");
  if (serialization["shard_size"] !== undefined) {
    invalid("shard_size must be absent where the method is files");
  }
  if (serialization["allow_symlinks"] !== false) {
    const remedy =
      "Sign the files again with links replaced by what they lead to, and without --allow_symlinks";
    refuseSignature("signature.unsupported", "allow_symlinks must be false", { remedy });
  }
  const { ignore_paths = [] } = serialization;
  if (!Array.isArray(ignore_paths) || ignore_paths.some((path) => typeof path !== "string")) {
    invalid("ignore_paths must be an array of strings");
  }
}

interface Resource {
  readonly name: string;
  readonly digest: string;
}

function readResources(value: unknown): Resource[] {
  if (!Array.isArray(value) || value.length === 0) return invalid("resources must list at least one file");
  return value.map((each: unknown, index) => {
    const { name, digest, algorithm } = object(each, `resources[${index}]`);
    supported(algorithm, HASH, `algorithm of resources[${index}]`);
    if (typeof name !== "string") return invalid(`name of resources[${index}] must be a string`);
    if (typeof digest !== "string" || !/^[0-9a-f]{64}$/.test(digest)) {
      return invalid(`digest of ${quote(name)} must be 64 hexadecimal digits in lower case`);
    }
    return { name, digest };
  });
}

async function checkSubject(value: unknown, resources: readonly Resource[]): Promise<string> {
  if (!Array.isArray(value) || value.length !== 1) return invalid("subject must hold exactly one");
  const { name, digest } = object(value[0], "subject[0]");
  if (typeof name !== "string" || name === "") {
    invalid("name of subject[0] must be a string that is not empty");
  }
  if (object(digest, "digest of subject[0]")[HASH] !== await rootDigest(resources)) {
    invalid("digest of subject[0] must be that of all resources");
  }
  return name;
}

/** Names must be safe and differ everywhere, as those of a package. */
function checkNames(paths: readonly string[]): void {
  try {
    const names = new EntryNames();
    for (const path of paths) {
      checkEntryPath(path);
      names.add(path, "file");
    }
  } catch (cause) {
    if (!(cause instanceof PackflowError)) throw cause;
    invalid(`every name must be safe: ${messageOf(cause)}`, cause);
  }
}

function object(value: unknown, what: string): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : invalid(`${what} must be an object`);
}

function supported(value: unknown, expected: string, what: string): void {
  if (value === expected) return;
  const current = typeof value === "string" ? quote(value) : "missing or no text";
  refuseSignature("signature.unsupported", `${what} must be "${expected}": current value is ${current}`);
}

function invalid(reason: string, cause?: unknown): never {
  refuseSignature("signature.invalid_statement", reason, { cause });
}
