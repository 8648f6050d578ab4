import { inflateStart } from "../host/gzip.ts";

/** Why something stays out of packages although no pattern of the project says so. */
export interface Exclusion {
  /** To follow "left out as". */
  readonly reason: string;
  /** Whether it may hold a secret. */
  readonly secret: boolean;
  /** Whether callers say so unasked; not of what Packflow itself put there. */
  readonly told: boolean;
}

const VERSION_CONTROL: Exclusion = toldReason("it belongs to version control");
const TOOL: Exclusion = toldReason("it is a cache, a build or a setting of a tool");
const SECRET: Exclusion = { reason: "it may hold a secret", secret: true, told: true };
// What `packflow create` puts there for editors: the package runs with the SDK of the binary.
const OWN: Exclusion = { reason: "it is for editors", secret: false, told: false };
const EARLIER = toldReason("it is an earlier package of this project");
const PACKAGE = toldReason("it is a package");
const EARLIER_SIGNATURE = toldReason("it is the signature of an earlier package");

/** Folders that are known by a file in them, whatever their own name is. */
export const MARKED_FOLDERS: ReadonlyMap<string, Exclusion> = new Map([
  ["pyvenv.cfg", toldReason("it is a Python virtual environment")],
  ["oci-layout", toldReason("it is an OCI image layout, such as an earlier package")],
]);

/** Version control, caches, virtual environments, builds and editors, as files or folders of exactly this name. */
const NAMES: ReadonlyMap<string, Exclusion> = new Map([
  ...[".git", ".hg", ".svn", ".bzr", ".jj", "CVS"].map((name) => [name, VERSION_CONTROL] as const),
  ...[
    ...["__pycache__", ".venv", "venv", ".tox", ".nox", ".eggs", ".ipynb_checkpoints"],
    ...[".cache", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".nyc_output"],
    ...["node_modules", ".npm", ".yarn", ".pnpm-store", ".deno", "dist", "coverage", ".coverage"],
    ...[".idea", ".vscode", ".vs", ".fleet", ".zed", ".DS_Store", "Thumbs.db", "desktop.ini"],
  ].map((name) => [name, TOOL] as const),
  [".packflow", OWN],
]);

const TOOL_SUFFIXES = [".pyc", ".pyo", ".egg-info", ".swp", ".swo", "~"];

const SECRET_NAMES: ReadonlySet<string> = new Set([
  ...[".env", ".envrc", ".netrc", "_netrc", ".npmrc", ".pypirc", ".pgpass", ".htpasswd", ".git-credentials"],
  ...["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "id_ed25519_sk", "id_ecdsa_sk", "credentials.json"],
  ...[".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", "service-account.json"],
]);

const SECRET_SUFFIXES = [".pem", ".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk"];

/** Environment files that by custom hold examples. */
const ENV_EXAMPLE = /^\.env\.(example|sample|template|dist)$/;

/** Says whether a file or folder of this name stays out of packages. Secrets are found in any letter case. */
export function defaultExclusion(name: string): Exclusion | undefined {
  const known = NAMES.get(name);
  if (known !== undefined) return known;
  if (TOOL_SUFFIXES.some((suffix) => name.endsWith(suffix))) return TOOL;
  return isSecret(name.toLowerCase()) ? SECRET : undefined;
}

/** Says whether a file is a package that was made of this project before, or the signature of one. */
export function earlierPackage(fileName: string, projectName: string): Exclusion | undefined {
  const prefix = `${projectName}-`.replaceAll("-", "_");
  const rest = fileName.slice(prefix.length);
  if (fileName.slice(0, prefix.length).replaceAll("-", "_") !== prefix) return undefined;
  if (/^\d.*\.(tar\.gz|tgz|zip)$/.test(rest)) return EARLIER;
  return /^\d.*\.(tar\.gz|tgz|zip|oci)\.sig$/.test(rest) ? EARLIER_SIGNATURE : undefined;
}

/** A private key in the forms that OpenSSL, OpenSSH, GnuPG and PuTTY write, as a text of its own or within JSON. */
const PRIVATE_KEY =
  /^-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----\r?\n(?:[A-Za-z0-9+/=]{16}|[A-Za-z-]+: |\r?\n[A-Za-z0-9+/=]{16})|"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----\\n[A-Za-z0-9+/=]{16}|^PuTTY-User-Key-File-\d/m;
const AWS_SECRET = /^[ \t]*aws_secret_access_key[ \t]*=[ \t]*[A-Za-z0-9/+]{40}/im;
const NPM_TOKEN = /^\/\/[^\s:]+\/:_(?:authToken|password)[ \t]*=[ \t]*[^\s$]/m;

/** Bytes of a file's start that are looked at. */
export const HEAD_BYTES = 64 * 1024;

/** Says whether a file's first bytes hold a private key or an access token, whatever the file's name is. */
export function secretContent(head: Uint8Array): Exclusion | undefined {
  const text = new TextDecoder("latin1").decode(head);
  if (PRIVATE_KEY.test(text)) return { ...SECRET, reason: "it holds a private key" };
  const hasToken = AWS_SECRET.test(text) || NPM_TOKEN.test(text);
  return hasToken ? { ...SECRET, reason: "it holds an access token" } : undefined;
}

/** A package starts with its list of files, whatever it is called itself. */
const FIRST_NAME = "MANIFEST.json";
const FIRST_SCHEMA = '"schema": "packflow.package/';

/** Says whether a file's first bytes are those of a package, such as one that was made under another name. */
export function packageContent(head: Uint8Array): Exclusion | undefined {
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  const isZip = head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
  if (!isGzip && !isZip) return undefined;
  const start = isGzip ? inflateStart(head.subarray(10, 8192)) : head;
  const name = new TextDecoder("latin1").decode(start.subarray(isGzip ? 0 : 30, isGzip ? 13 : 43));
  if (name !== FIRST_NAME) return undefined;
  const content = isGzip ? start.subarray(512, 1024) : inflateStart(head.subarray(43, 8192));
  return new TextDecoder("latin1").decode(content).includes(FIRST_SCHEMA) ? PACKAGE : undefined;
}

function isSecret(name: string): boolean {
  if (SECRET_NAMES.has(name) || SECRET_SUFFIXES.some((suffix) => name.endsWith(suffix))) return true;
  return name.startsWith(".env.") && !ENV_EXAMPLE.test(name);
}

function toldReason(reason: string): Exclusion {
  return { reason, secret: false, told: true };
}
