import { isBuiltin } from "node:module";

/** Whether a specifier such as "fs" or "node:fs" names a module of the runtime. */
export function isBuiltinModule(specifier: string): boolean {
  return isBuiltin(specifier);
}
