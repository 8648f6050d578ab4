/**
 * The absolute URL of this very copy of the SDK. A project's `"packflow"` is rewritten to it, so that its classes
 * are the same ones from source, from a script without an import map, and in the compiled binary.
 */
export function sdkUrl(): string {
  // Computed, not imported: nothing under lib may depend on the public entry.
  return import.meta.resolve("../../mod.ts");
}

/** The names that the SDK exports. */
export async function sdkNames(): Promise<string[]> {
  return Object.keys(await import(sdkUrl()));
}
