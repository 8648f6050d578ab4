import { encodeBase64 } from "./base64.ts";

/**
 * Imports JavaScript text as a module. Its inline source map decides what stacks say. The same text is one module,
 * however often it is imported.
 */
export function importModule(source: string): Promise<Record<string, unknown>> {
  // A data: module, as a compiled binary imports neither blob: URLs nor TypeScript from disk.
  return import(`data:text/javascript;base64,${encodeBase64(source)}`);
}
