/**
 * `deno task release VERSION`: makes the files of a release in `dist/release`, or says everything that keeps it from
 * being made. What it makes is published by .github/workflows/release.yml.
 */
import { parseArgs } from "node:util";
import { join } from "node:path";
import { compile } from "./compile.ts";
import { buildRelease } from "./release/build_release.ts";
import { releaseNotes, releaseProblems } from "./release/checks.ts";
import { type Target, TARGETS } from "./release/targets.ts";
import { ROOT } from "./run_deno.ts";

const USAGE = `Usage: deno task release VERSION --releases URL [--target TARGET]... [--dry-run]

Makes the files of a release in dist/release: programs, install.sh, bill of materials, SHA-256 sums, notes.

  --releases URL   address of all releases, such as https://github.com/OWNER/NAME/releases; install.sh gets it
  --target TARGET  only this one, also several times: ${TARGETS.join(", ")}
  --dry-run        check everything, run the gate, make nothing
`;

/** What is asked for, and what it takes. Tests have gates of their own. */
export interface ReleaseOptions {
  readonly root: string;
  readonly version: string;
  readonly releases: string;
  readonly targets: readonly Target[];
  readonly isDry: boolean;
  /** The command that must pass. */
  readonly gate: readonly [string, ...string[]];
  readonly say: (line: string) => void;
}

/** Checks and makes a release; answers whether it was made, or could be. */
export async function release(options: ReleaseOptions): Promise<boolean> {
  const { root, version, targets, isDry, gate, say } = options;
  const problems = await releaseProblems({ root, version });
  for (const problem of problems) say(`refused: ${problem}`);
  if (problems.length > 0) return false;
  say(`The gate: ${gate.join(" ")}`);
  if (!await passes(gate, root)) {
    say("refused: the gate failed");
    return false;
  }
  if (isDry) {
    say(`packflow ${version} could be released for ${targets.join(", ")}; nothing was made`);
    return true;
  }
  const output = join(root, "dist", "release");
  await Deno.remove(output, { recursive: true }).catch(() => {});
  const names = await buildRelease({
    ...options,
    output,
    compile: (target) => compile(join(root, "dist", "programs", target, "packflow"), { target }),
  });
  const notes = releaseNotes(await Deno.readTextFile(join(root, "CHANGELOG.md")), version) ?? "";
  await Deno.writeTextFile(join(root, "dist", "release-notes.md"), `${notes}\n`);
  for (const name of names) say(`made dist/release/${name}`);
  return true;
}

async function passes([program, ...args]: readonly [string, ...string[]], cwd: string): Promise<boolean> {
  const { success } = await new Deno.Command(program, { args: [...args], cwd, stdin: "null" }).spawn().status;
  return success;
}

/** What the command line asks for; undefined where it cannot be understood. */
export function readArguments(args: readonly string[]):
  | Pick<
    ReleaseOptions,
    "version" | "releases" | "targets" | "isDry"
  >
  | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        releases: { type: "string" },
        target: { type: "string", multiple: true },
        "dry-run": { type: "boolean" },
      },
    });
    const [version, ...rest] = positionals;
    const isDry = values["dry-run"] === true;
    const asked = values.target ?? TARGETS;
    const targets = TARGETS.filter((target) => asked.includes(target));
    if (version === undefined || rest.length > 0 || targets.length !== new Set(asked).size) return undefined;
    if (values.releases === undefined && !isDry) return undefined;
    return { version: version.replace(/^v/, ""), releases: values.releases ?? "", targets, isDry };
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const asked = readArguments(Deno.args);
  if (asked === undefined) {
    console.error(USAGE);
    Deno.exit(2);
  }
  const gate = [Deno.execPath(), "task", "ok"] as const;
  Deno.exitCode = await release({ ...asked, root: ROOT, gate: [...gate], say: console.log }) ? 0 : 1;
}
