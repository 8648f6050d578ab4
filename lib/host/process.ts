import { killChildren } from "./child_process.ts";

/** The arguments after the program's name. */
export function args(): string[] {
  return [...Deno.args];
}

/** Ends the process with an exit status, and with it every process that it has started. */
export function exit(code: number): never {
  killChildren();
  Deno.exit(code);
}

/** Exactly so many bytes of standard input, waiting in place for them; null where it ends before. */
export function readInputSync(length: number): Uint8Array | null {
  const bytes = new Uint8Array(length);
  for (let filled = 0; filled < length;) {
    const size = Deno.stdin.readSync(bytes.subarray(filled));
    if (size === null) return null;
    filled += size;
  }
  return bytes;
}
