/** Talk goes to the browser's console. */
export function writeStderr(text: string): void {
  // deno-lint-ignore no-console packflow/no-console -- a page has no standard error
  console.warn(text.trimEnd());
}
