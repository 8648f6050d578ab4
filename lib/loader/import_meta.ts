/**
 * The variable in a bundle that says where the project lies: its folder's file: URL, its folder's path, and what
 * separates the parts of paths. Like this a bundle can be made once and run anywhere.
 */
export const ROOT_VARIABLE = "__packflow_root";

/** What a bundle begins with where it asks for its place; as it stands, it fits a bundle in `.packflow`. */
export const ROOT_LINE =
  `const ${ROOT_VARIABLE} = [new URL("../", import.meta.url).href, import.meta.dirname + "/../", "/"];\n`;

/** The same for a project in a folder that is known. */
export function rootLine(folder: { url: string; path: string; separator: string }): string {
  return `const ${ROOT_VARIABLE} = ${JSON.stringify([folder.url, folder.path, folder.separator])};\n`;
}

/**
 * The code of what `import.meta` says in a project's own file, not in the bundle.
 *
 * @param property The property that is asked for; null for `import.meta` itself.
 * @param file The file, relative to the project.
 */
export function importMeta(property: string | null, file: string): string {
  const relativeUrl = urlPath(file);
  const url = `${ROOT_VARIABLE}[0] + ${JSON.stringify(relativeUrl)}`;
  const filename = pathOf(file);
  const folder = file.slice(0, Math.max(0, file.lastIndexOf("/")));
  const members: Record<string, string> = {
    url: `(${url})`,
    filename,
    dirname: folder === "" ? `${ROOT_VARIABLE}[1].slice(0, -1)` : pathOf(folder),
    main: "false",
    resolve: `((specifier) => new URL(specifier, ${url}).href)`,
  };
  if (property !== null) return Object.hasOwn(members, property) ? members[property] ?? "" : "undefined";
  return `({ ${Object.entries(members).map(([name, value]) => `${name}: ${value}`).join(", ")} })`;
}

function pathOf(file: string): string {
  return `(${ROOT_VARIABLE}[1] + ${JSON.stringify(file.split("/"))}.join(${ROOT_VARIABLE}[2]))`;
}

/** As file: URLs spell paths. */
function urlPath(file: string): string {
  const escaped = file.replace(/[%\\?#]/g, (char) => encodeURIComponent(char));
  return new URL(escaped, "file:///").pathname.slice(1);
}
