import { messageOf } from "../base/errors.ts";
import { fileInfo, isNotFound, realPath } from "../host/files.ts";
import { relativePath } from "../host/path.ts";
import { defaultExclusion } from "./default_exclusions.ts";

/** Where a link leads, or why that must not be packed in the link's place. */
export type FollowedLink = { readonly target: string } | { readonly reason: string };

/**
 * Follows a link of a project. A package holds no links: a link to a file of the same project is packed as a copy of
 * that file; one that leads anywhere else is not.
 *
 * @param root The project's folder, links resolved.
 * @param path The link, relative to the project; a folder on the way may be a link too.
 * @param absolute The same, absolute.
 */
export async function followLink(root: string, path: string, absolute: string): Promise<FollowedLink> {
  const target = await realTarget(absolute);
  if (target === undefined) return { reason: "it is a link to nothing" };
  const inside = relativePath(root, target);
  if (inside === "" || inside === ".." || inside.startsWith("../")) {
    return { reason: "it leads outside the project" };
  }
  if ((await fileInfo(target))?.kind !== "file") return { reason: "it is a link to a folder" };
  // A harmless name must not carry out what stays in under its own.
  const barred = inside !== path && inside.split("/").some((name) => defaultExclusion(name) !== undefined);
  return barred ? { reason: `it is a link to "${inside}", which stays out` } : { target };
}

/** The file a link leads to; undefined where it dangles or leads round in a circle. */
async function realTarget(path: string): Promise<string | undefined> {
  try {
    return await realPath(path);
  } catch (error) {
    if (isNotFound(error) || /too many (levels of )?symbolic links/i.test(messageOf(error))) return undefined;
    throw error;
  }
}
