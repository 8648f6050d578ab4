/** The value of an environment variable; undefined where it is unset or may not be read. */
export function getEnv(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

/** All environment variables; none where they may not be read. */
export function allEnv(): Record<string, string> {
  try {
    return Deno.env.toObject();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return {};
    throw error;
  }
}

/** Sets an environment variable where it is unset; does nothing where that is not allowed. */
export function setEnvIfUnset(name: string, value: string): void {
  try {
    if (Deno.env.get(name) === undefined) Deno.env.set(name, value);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
}
