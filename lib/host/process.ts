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
