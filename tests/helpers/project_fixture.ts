/** A project written to a temporary folder; gone when the `await using` block ends. */
export interface ProjectFixture {
  /** Absolute path of the folder, links resolved. */
  readonly folder: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Writes files to a fresh temporary folder.
 *
 * @param files File contents by path relative to the folder, with forward slashes.
 */
export async function writeProject(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<ProjectFixture> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "packflow-test-" }));
  for (const [path, data] of Object.entries(files)) {
    const file = `${folder}/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(file, typeof data === "string" ? new TextEncoder().encode(data) : data);
  }
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await Deno.remove(folder, { recursive: true });
    },
  };
}
