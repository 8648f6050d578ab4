/** A page has no environment. */
export function getEnv(_name: string): undefined {
  return undefined;
}
