/** Paths in a browser: addresses, relative to the page's or the web worker's own. A folder's has no slash at its end. */

/** Joins parts of a path with slashes; "." and ".." count where they begin with an address. */
export function joinPath(...segments: string[]): string {
  const path = segments.filter((segment) => segment !== "").join("/");
  return URL.canParse(path) ? plain(new URL(path)) : path;
}

/** The folder part of an address. */
export function dirname(of: string): string {
  return plain(new URL(".", of));
}

/** The address that parts of a path lead to, from the folder of the page. */
export function resolvePath(...segments: string[]): string {
  return segments.reduce((from, to) => plain(new URL(to, `${from}/`)), dirname(location.href));
}

/** The way from one folder to an address below it; the address itself where it is elsewhere. */
export function relativePath(from: string, to: string): string {
  return isInside(from, to) ? to.slice(from.length + 1) : to;
}

/** Whether an address is that of a folder, or of something in it. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Addresses name no files of the machine. */
export function fromFileUrl(url: string | URL): string {
  return String(url);
}

function plain(url: URL): string {
  return url.href.replace(/\/$/, "");
}
