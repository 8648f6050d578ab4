/** What must hold before a release is made. Each check answers its problems. */
import { join } from "node:path";

/** A release that is asked for. */
export interface ReleaseRequest {
  /** The repository's folder. */
  readonly root: string;
  /** The version without "v", as it was asked for. */
  readonly version: string;
}

/** Every problem that is found without running the gate. */
export async function releaseProblems(request: ReleaseRequest): Promise<string[]> {
  const found = await Promise.all(
    [versionProblems, changelogProblems, treeProblems, tagProblems].map((check) => check(request)),
  );
  return found.flat();
}

/** The version is one, and deno.json says the same. */
async function versionProblems({ root, version }: ReleaseRequest): Promise<string[]> {
  const { version: own }: { version?: unknown } = JSON.parse(
    await Deno.readTextFile(join(root, "deno.json")),
  );
  return [
    ...(isVersion(version) ? [] : [`"${version}" is no version such as 1.2.3 or 1.2.3-rc.1`]),
    ...(version === own ? [] : [`deno.json says version "${own}", not "${version}"`]),
  ];
}

/** Whether a text is a version of Semantic Versioning, without build metadata. */
export function isVersion(version: string): boolean {
  const number = "(?:0|[1-9]\\d*)";
  const part = `(?:${number}|\\d*[A-Za-z-][\\dA-Za-z-]*)`;
  return new RegExp(`^${number}\\.${number}\\.${number}(?:-${part}(?:\\.${part})*)?$`).test(version);
}

async function changelogProblems({ root, version }: ReleaseRequest): Promise<string[]> {
  const text = await Deno.readTextFile(join(root, "CHANGELOG.md"));
  const notes = releaseNotes(text, version);
  if (notes === undefined) {
    return [`CHANGELOG.md has no entry "## [${version}] - YYYY-MM-DD"`];
  }
  const unreleased = section(text, /^## \[Unreleased\]\s*$/m) ?? "";
  return [
    ...(notes === "" ? [`the entry of ${version} in CHANGELOG.md says nothing`] : []),
    ...(unreleased === "" ? [] : [`CHANGELOG.md has changes under [Unreleased]: move them to ${version}`]),
  ];
}

/** What the changelog says of a version; undefined where it has no dated entry for it. */
export function releaseNotes(changelog: string, version: string): string | undefined {
  const heading = `^## \\[${version.replaceAll(".", "\\.")}\\] - \\d{4}-\\d{2}-\\d{2}\\s*$`;
  return section(changelog, new RegExp(heading, "m"));
}

/** The text under a heading, up to the next of its kind. */
function section(text: string, heading: RegExp): string | undefined {
  const found = heading.exec(text);
  if (found === null) return undefined;
  const rest = text.slice(found.index + found[0].length);
  const end = /^(?:## |\[[^\]]+\]: )/m.exec(rest)?.index ?? rest.length;
  return rest.slice(0, end).trim();
}

/** What is released is what is committed. */
async function treeProblems({ root }: ReleaseRequest): Promise<string[]> {
  const changed = (await git(root, "status", "--porcelain")).split("\n").filter((line) => line !== "");
  if (changed.length === 0) return [];
  const shown = changed.slice(0, 5).map((line) => line.slice(3)).join(", ");
  return [`the tree has changes that are not committed: ${shown}${changed.length > 5 ? ", ..." : ""}`];
}

/** A version is released once: its tag, if it is there, names this very commit. */
async function tagProblems({ root, version }: ReleaseRequest): Promise<string[]> {
  const tagged = (await git(root, "tag", "--list", `v${version}`)) !== "";
  if (!tagged) return [];
  const [commit, head] = await Promise.all(
    [`v${version}^{commit}`, "HEAD"].map((name) => git(root, "rev-parse", name)),
  );
  return commit === head ? [] : [`v${version} is released already, from another commit`];
}

async function git(root: string, ...args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", { args: [...args], cwd: root }).output();
  if (success) return new TextDecoder().decode(stdout).trimEnd();
  throw new Error(`Cannot run git ${args[0]}: ${new TextDecoder().decode(stderr).trim()}`);
}
