import { join } from "node:path";
import { type MarkdownPage, readPage } from "./markdown_page.ts";

/** Every Markdown file that people read: those at the root, of docs, and of templates. */
export async function readPages(root: string): Promise<MarkdownPage[]> {
  const paths = [
    ...await markdownIn(root, ""),
    ...await markdownIn(root, "docs"),
    ...await markdownIn(root, "templates"),
  ];
  return await Promise.all(
    paths.sort().map(async (path) => readPage(path, await Deno.readTextFile(join(root, path)))),
  );
}

async function markdownIn(root: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(root, folder))) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (isDirectory && folder !== "" && name !== "node_modules") found.push(...await markdownIn(root, path));
    else if (name.endsWith(".md")) found.push(path);
  }
  return found;
}
