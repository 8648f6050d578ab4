import { dirname, join, normalize } from "node:path/posix";
import { anchorOf, type MarkdownPage } from "./markdown_page.ts";

/** Every link inside the repository leads to a file or folder, and its anchor to a heading. */
export async function links(root: string, pages: readonly MarkdownPage[]): Promise<string[]> {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  const checked = pages.flatMap(({ path, links }) =>
    links.map(async ({ target, line }) => {
      const problem = await linkProblem({ root, pages: byPath }, path, target);
      return problem === undefined ? [] : [`${path}:${line} links to ${target}, ${problem}`];
    })
  );
  return (await Promise.all(checked)).flat();
}

async function linkProblem(
  { root, pages }: { root: string; pages: ReadonlyMap<string, MarkdownPage> },
  path: string,
  target: string,
): Promise<string | undefined> {
  if (/^(https?|mailto):/.test(target)) return URL.canParse(target) ? undefined : "which is no address";
  const [file = "", anchor] = target.split("#");
  if (file.startsWith("/")) return "which GitHub does not find: write it relative to the page";
  const linked = file === "" ? path : normalize(join(dirname(path), file)).replace(/\/$/, "");
  const exists = await Deno.stat(join(root, linked)).then(() => true, () => false);
  if (!exists) return "which does not exist";
  if (anchor === undefined) return undefined;
  const hasHeading = pages.get(linked)?.headings.some((heading) => anchorOf(heading) === anchor) ?? false;
  return hasHeading ? undefined : "a heading that is not there";
}

/** Every page of docs can be reached from its index by links, and stands in the side bar or among the decisions. */
export function reachable(
  pages: readonly MarkdownPage[],
  sideBar: readonly string[],
): string[] {
  const index = "docs/index.md";
  const reached = new Set([index]);
  // a set is walked in the order in which it grows
  for (const path of reached) {
    for (const { target } of pages.find((page) => page.path === path)?.links ?? []) {
      const linked = normalize(join(dirname(path), target.replace(/#.*/, "")));
      if (pages.some((page) => page.path === linked)) reached.add(linked);
    }
  }
  const docs = pages.map(({ path }) => path).filter((path) => path.startsWith("docs/"));
  return [
    ...docs.filter((path) => !reached.has(path)).map((path) => `${path} cannot be reached from ${index}`),
    ...docs.filter((path) => !path.startsWith("docs/decisions/") && !sideBar.includes(path))
      .map((path) => `${path} is not in the side bar of site/pages.ts`),
    ...sideBar.filter((path) => !pages.some((page) => page.path === path))
      .map((path) => `${path} of site/pages.ts does not exist`),
  ];
}
