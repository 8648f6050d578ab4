/**
 * `deno task build-references`: makes docs/reference of what the program knows of itself: its commands, the schemas of
 * its configuration, its error codes.
 *
 * With `--check` nothing is written, and the exit code says whether the pages are up to date.
 */
import { dirname, join } from "node:path";
import { cliReference } from "./references/cli_reference.ts";
import { configurationReference } from "./references/configuration_reference.ts";
import { errorsReference } from "./references/errors_reference.ts";
import { ROOT } from "./run_deno.ts";

const NOTICE = "<!-- Made by scripts/build_references.ts: deno task build-references. -->\n\n";

/** The pages by path, formatted as `deno fmt` wants them. */
export async function buildReferences(): Promise<Record<string, string>> {
  const pages = {
    "docs/reference/cli.md": await cliReference(),
    "docs/reference/configuration.md": configurationReference(),
    "docs/reference/errors.md": errorsReference(),
  };
  const formatted = Object.entries(pages).map(async ([path, text]) => [path, await format(NOTICE + text)]);
  return Object.fromEntries(await Promise.all(formatted));
}

async function format(text: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext=md", "-"],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const [{ success, stdout }] = await Promise.all([
    child.output(),
    new Blob([text]).stream().pipeTo(child.stdin),
  ]);
  if (!success) throw new Error("deno fmt does not take the page");
  return new TextDecoder().decode(stdout);
}

async function main(): Promise<number> {
  const isCheck = Deno.args.includes("--check");
  let status = 0;
  for (const [path, text] of Object.entries(await buildReferences())) {
    const file = join(ROOT, path);
    const before = await Deno.readTextFile(file).catch(() => undefined);
    if (before === text) console.log(`ok ${path}`);
    else if (isCheck) {
      console.error(`FAILED ${path} is out of date: run deno task build-references`);
      status = 1;
    } else {
      await Deno.mkdir(dirname(file), { recursive: true });
      await Deno.writeTextFile(file, text);
      console.log(`wrote ${path}`);
    }
  }
  return status;
}

if (import.meta.main) Deno.exit(await main());
