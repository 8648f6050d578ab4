/**
 * The reference of the SDK, made by `deno doc` of what mod.ts exports. `deno task ok:sdk` checks that it is complete;
 * with `--html=FOLDER` it is written there as a few hundred pages.
 *
 * zod, which mod.ts exports whole, stands as one name in it that leads to its own site: it has 2,500 pages.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT, runDeno } from "./run_deno.ts";

/** What stands for zod. */
const ZOD = join(ROOT, "scripts", "docs", "zod_stand_in.ts");

/** What `deno doc --json` tells of a module, as far as we look at it. */
interface ModuleDoc {
  readonly symbols: readonly {
    readonly name: string;
    readonly declarations: readonly {
      readonly kind: string;
      readonly jsDoc?: { readonly tags?: readonly { readonly kind: string }[] };
    }[];
  }[];
}

/** What has an example: what code calls, extends or reads. */
const IN_USE = ["class", "function", "variable"];

/** What is missing in the reference of a module: texts, types, and examples of what code uses. */
export async function sdkProblems(entry = "mod.ts"): Promise<string[]> {
  const problems: string[] = [];
  await docSdk(entry, ["--lint"]).catch((error: Error) => problems.push(error.message));
  const { nodes }: { nodes: Record<string, ModuleDoc> } = JSON.parse(await docSdk(entry, ["--json"]));
  for (const { name, declarations } of Object.values(nodes).flatMap(({ symbols }) => symbols)) {
    const used = declarations.filter(({ kind }) => IN_USE.includes(kind));
    const hasExample = used.some(({ jsDoc }) => jsDoc?.tags?.some(({ kind }) => kind === "example") === true);
    if (used.length > 0 && !hasExample) problems.push(`${name} has no @example`);
  }
  return problems;
}

/** Writes the reference as HTML to a folder. */
export async function writeSdkReference(folder: string): Promise<void> {
  await docSdk("mod.ts", ["--html", "--name=Packflow SDK", `--output=${folder}`]);
  await nameSdk(folder);
}

/** Has the pages say from where symbols are imported: `deno doc` knows no name of a module that is a file. */
async function nameSdk(folder: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) await nameSdk(path);
    else if (name.endsWith(".html")) {
      const page = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, page.replaceAll("from &quot;.&quot;", "from &quot;packflow&quot;"));
    }
  }
}

async function docSdk(entry: string, args: readonly string[]): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "packflow-doc-" });
  try {
    const url = (path: string) => pathToFileURL(path).href;
    const [zod = ""] = /npm:zod@[\d.]+/.exec(await Deno.readTextFile(join(ROOT, "lib/deps/zod.ts"))) ?? [];
    const imports = { packflow: url(join(ROOT, "mod.ts")), [zod]: url(ZOD) };
    const map = join(folder, "imports.json");
    await Deno.writeTextFile(map, JSON.stringify({ imports }));
    return await runDeno(["doc", `--import-map=${map}`, ...args, entry], { cwd: ROOT });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const html = Deno.args.find((arg) => arg.startsWith("--html="))?.slice("--html=".length);
  if (html !== undefined) await writeSdkReference(html);
  const problems = html === undefined ? await sdkProblems() : [];
  for (const problem of problems) console.log(problem);
  console.log(problems.length === 0 ? "ok SDK reference" : "FAILED SDK reference");
  if (problems.length > 0) Deno.exitCode = 1;
}
