/**
 * Starts a module's text as a process of its own, its three streams as pipes: for what belongs to a whole process,
 * such as signals, exit codes and a closed pipe. `lib/` in the text's imports becomes ours.
 */
export function startModule(
  text: string,
  options: { args?: readonly string[]; env?: Record<string, string> } = {},
): Deno.ChildProcess {
  const lib = new URL("../../lib/", import.meta.url).href;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const code = text.replaceAll('"lib/', `"${lib}`);
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", "--config", config, code, ...options.args ?? []],
    env: { NO_COLOR: "1", ...options.env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Closes a process's input, waits for its end and gives its exit code and what it wrote. */
export async function outcomeOf(
  process: Deno.ChildProcess,
): Promise<{ code: number; stdout: string; stderr: string }> {
  await process.stdin.close();
  const { code, stdout, stderr } = await process.output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}
