/** The arguments after the program's name. */
export function args(): string[] {
  return [...Deno.args];
}

/** Ends the process with an exit status. */
export function exit(code: number): never {
  Deno.exit(code);
}
