import { fileURLToPath } from "node:url";

/** The repository's folder. */
export const ROOT: string = fileURLToPath(new URL("../", import.meta.url));

/** Runs Deno and answers what it printed; an error with its complaint where it fails. */
export async function runDeno(
  args: readonly string[],
  { program = Deno.execPath(), cwd }: { program?: string; cwd?: string } = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    // Deno 2.6 overflows the default stack of its threads over a module graph as deep as ours.
    env: { NO_COLOR: "1", RUST_MIN_STACK: "67108864" },
    stdin: "null",
    ...(cwd === undefined ? {} : { cwd }),
  }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(`Cannot run deno ${args[0]}: ${decoder.decode(stderr).trim()}`);
}
