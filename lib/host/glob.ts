import { glob } from "node:fs/promises";

/** The paths that a pattern matches, sorted, folders among them; hidden files only where the pattern names the dot. */
export async function matchPaths(pattern: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const path of glob(pattern)) paths.push(path);
  return paths.sort();
}
