/** Why a name stays out of packages although no pattern of the project says so. */
export interface Exclusion {
  /** What callers tell the user; undefined where nobody would expect the file in a package. */
  readonly reason?: string;
}

/** Version control, caches, virtual environments and editors, as files or folders of exactly this name. */
const TOOL_NAMES: ReadonlySet<string> = new Set([
  ...[".git", ".hg", ".svn", ".bzr", ".jj", "CVS"],
  ...["__pycache__", ".venv", "venv", ".tox", ".nox", ".eggs", ".ipynb_checkpoints"],
  ...[".cache", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".nyc_output"],
  ...["node_modules", ".npm", ".yarn", ".pnpm-store", ".deno"],
  ...[
    ".idea",
    ".vscode",
    ".vs",
    ".fleet",
    ".zed",
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
  ],
  // What `packflow create` puts there for editors: the package runs with the SDK of the binary.
  ".packflow",
]);

const TOOL_SUFFIXES = [".pyc", ".pyo", ".egg-info", ".swp", ".swo", "~"];

const SECRET_NAMES: ReadonlySet<string> = new Set([
  ...[
    ".env",
    ".envrc",
    ".netrc",
    "_netrc",
    ".npmrc",
    ".pypirc",
    ".pgpass",
    ".htpasswd",
    ".git-credentials",
  ],
  ...[
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "credentials.json",
    ".ssh",
    ".gnupg",
    ".aws",
  ],
]);

const SECRET_SUFFIXES = [".pem", ".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx"];

/** Environment files that by custom hold examples. */
const ENV_EXAMPLE = /^\.env\.(example|sample|template|dist)$/;

/** Says whether a file or folder of this name stays out of packages. Secrets are found in any letter case. */
export function defaultExclusion(name: string): Exclusion | undefined {
  if (TOOL_NAMES.has(name) || TOOL_SUFFIXES.some((suffix) => name.endsWith(suffix))) return {};
  return isSecret(name.toLowerCase()) ? { reason: "it may hold a secret" } : undefined;
}

/** Whether a file is a package that was made of this project before. */
export function isEarlierArchive(fileName: string, projectName: string): boolean {
  const prefix = `${projectName}-`.replaceAll("-", "_");
  const rest = fileName.slice(prefix.length);
  return fileName.slice(0, prefix.length).replaceAll("-", "_") === prefix &&
    /^\d.*\.(tar\.gz|tgz|zip)$/.test(rest);
}

function isSecret(name: string): boolean {
  if (SECRET_NAMES.has(name) || SECRET_SUFFIXES.some((suffix) => name.endsWith(suffix))) return true;
  return name.startsWith(".env.") && !ENV_EXAMPLE.test(name);
}
