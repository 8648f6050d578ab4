import { join } from "node:path";
import { commandTable } from "../../lib/cli/command_table.ts";
import { bashCompletion } from "../../lib/cli/completion_bash.ts";
import { fishCompletion } from "../../lib/cli/completion_fish.ts";
import { zshCompletion } from "../../lib/cli/completion_zsh.ts";
import { manPage } from "../../lib/cli/man_page.ts";
import { programSbom } from "./program_sbom.ts";
import { archiveName, isProgramFor, programName, type Target } from "./targets.ts";
import { type ArchivedFile, writeArchive } from "./write_archive.ts";

/** What a release is made of. */
export interface ReleaseParts {
  /** The repository's folder. */
  readonly root: string;
  readonly version: string;
  readonly targets: readonly Target[];
  /** Where the files of the release go. */
  readonly output: string;
  /** The address of all releases, which install.sh gets. */
  readonly releases: string;
  /** Makes the program for a target, and answers its path. */
  readonly compile: (target: Target) => Promise<string>;
}

/** The bill of materials of a release. */
export const SBOM = "packflow.cdx.json";

/** Makes the files of a release; answers their names, the list of their SHA-256 sums last. */
export async function buildRelease(parts: ReleaseParts): Promise<string[]> {
  const { root, version, targets, output, releases } = parts;
  await Deno.mkdir(output, { recursive: true });
  const shared = await sharedFiles(root);
  const names: string[] = [];
  for (const target of targets) {
    const program = await readProgram(target, await parts.compile(target));
    const name = archiveName(target);
    await writeArchive(join(output, name), [
      { path: `bin/${programName(target)}`, mode: 0o755, data: program },
      ...shared,
    ]);
    names.push(name);
  }
  await Deno.writeTextFile(join(output, SBOM), await programSbom(version));
  await Deno.writeTextFile(join(output, "install.sh"), await installer(root, { releases, version }));
  names.push(SBOM, "install.sh");
  const sums = await Promise.all(names.map(async (name) => `${await sha256(join(output, name))}  ${name}\n`));
  await Deno.writeTextFile(join(output, "SHA256SUMS"), sums.join(""));
  return [...names, "SHA256SUMS"];
}

async function readProgram(target: Target, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const program = await Deno.readFile(path);
  if (isProgramFor(target, program.subarray(0, 4096))) return program;
  throw new Error(`${path} is no program for ${target}: is DENORT_BIN set, which is for one target only?`);
}

/** What lies beside the program: manual page, completions, licences. */
async function sharedFiles(root: string): Promise<ArchivedFile[]> {
  const commands = await commandTable();
  const encode = (text: string) => new TextEncoder().encode(text);
  const file = (path: string, data: Uint8Array<ArrayBuffer>): ArchivedFile => ({ path, mode: 0o644, data });
  return [
    file("share/bash-completion/completions/packflow", encode(bashCompletion(commands))),
    file("share/doc/packflow/CHANGELOG.md", await Deno.readFile(join(root, "CHANGELOG.md"))),
    file("share/doc/packflow/LICENSE", await Deno.readFile(join(root, "LICENSE"))),
    file("share/doc/packflow/README.md", await Deno.readFile(join(root, "README.md"))),
    file("share/fish/vendor_completions.d/packflow.fish", encode(fishCompletion(commands))),
    file("share/man/man1/packflow.1", encode(manPage(commands))),
    file("share/zsh/site-functions/_packflow", encode(zshCompletion(commands))),
  ];
}

/** install.sh with what it must know of its release. */
async function installer(
  root: string,
  { releases, version }: { readonly releases: string; readonly version: string },
): Promise<string> {
  if (!/^https?:\/\/[\w.~:/-]+$/.test(releases)) {
    throw new Error(
      `The address of the releases must be one that a shell reads as it stands: it is "${releases}"`,
    );
  }
  const text = await Deno.readTextFile(join(root, "install.sh"));
  return text.replace("'@RELEASES@'", `'${releases}'`).replace("'@VERSION@'", `'${version}'`);
}

async function sha256(path: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", await Deno.readFile(path))).toHex();
}
