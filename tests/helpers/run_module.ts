import assert from "node:assert/strict";

/**
 * Runs a module's text in a process of its own: the environment and the umask belong to a whole process, which test
 * files share. `lib/` in the text's imports becomes ours.
 *
 * @returns What it printed.
 */
export async function runModule(
  text: string,
  options: { env?: Record<string, string>; umask?: string } = {},
): Promise<string> {
  const lib = new URL("../../lib/", import.meta.url).href;
  const code = text.replaceAll('"lib/', `"${lib}`);
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const command = new Deno.Command("sh", {
    args: [
      "-c",
      `umask ${options.umask ?? "022"}; exec "$@"`,
      "sh",
      Deno.execPath(),
      "eval",
      "--config",
      config,
      code,
    ],
    env: { NO_COLOR: "1", ...options.env },
  });
  const { success, stdout, stderr } = await command.output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
