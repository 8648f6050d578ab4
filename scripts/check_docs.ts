/** The checks of `deno task ok` over the documentation. What its blocks of code do, tests/docs runs. */
import { join } from "node:path";
import { ERROR_CODES } from "../lib/base/error_codes.ts";
import { commandTable } from "../lib/cli/command_table.ts";
import { ENVIRONMENT } from "../lib/cli/environment.ts";
import { PAGES } from "../site/pages.ts";
import { blocks } from "./docs/block_checks.ts";
import { links, reachable } from "./docs/link_checks.ts";
import { documented, namedCodes, namedCommands, variables } from "./docs/name_checks.ts";
import { readPages } from "./docs/read_pages.ts";
import { ROOT } from "./run_deno.ts";

/** What every check has found, by its name. */
export async function checkDocs(root: string): Promise<Record<string, readonly string[]>> {
  const [pages, table, sources] = await Promise.all([readPages(root), commandTable(), sourcesOf(root)]);
  const codes = Object.keys(ERROR_CODES);
  return {
    links: await links(root, pages),
    reachable: reachable(pages, PAGES.map(({ path }) => path)),
    namedCommands: namedCommands(pages, table),
    namedCodes: namedCodes(pages, codes),
    documented: documented(pages, { table, codes }),
    variables: variables(sources, Object.keys(ENVIRONMENT)),
    blocks: blocks(pages),
  };
}

async function sourcesOf(root: string): Promise<string[]> {
  const sources: string[] = [];
  for await (const folder of Deno.readDir(join(root, "lib"))) {
    if (!folder.isDirectory) continue;
    for await (const { name } of Deno.readDir(join(root, "lib", folder.name))) {
      if (name.endsWith(".ts")) sources.push(await Deno.readTextFile(join(root, "lib", folder.name, name)));
    }
  }
  return sources;
}

if (import.meta.main) {
  for (const [name, problems] of Object.entries(await checkDocs(ROOT))) {
    console.log(`${problems.length === 0 ? "ok" : "FAILED"} ${name}`);
    for (const problem of problems) console.log(`  ${problem}`);
    if (problems.length > 0) Deno.exitCode = 1;
  }
}
