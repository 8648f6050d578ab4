import process from "node:process";

/**
 * Makes `process.env` answer as if a variable were unset where this process may not read it: packages made for
 * Node.js look at it as they load, and do not expect that looking fails. `Deno.env` stays as it is.
 */
export function softenProcessEnv(): void {
  const real = process.env;
  const attempt = <T>(work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) return otherwise;
      throw error;
    }
  };
  // An empty target, since the engine holds what a handler says against the target by asking it too.
  const soft = new Proxy({}, {
    get: (_, name) => attempt(() => Reflect.get(real, name), undefined),
    set: (_, name, value) => Reflect.set(real, name, value),
    has: (_, name) => attempt(() => Reflect.has(real, name), false),
    deleteProperty: (_, name) => Reflect.deleteProperty(real, name),
    ownKeys: () => attempt(() => Reflect.ownKeys(real), []),
    getOwnPropertyDescriptor: (_, name) =>
      attempt(() => Reflect.getOwnPropertyDescriptor(real, name), undefined),
  });
  Object.defineProperty(process, "env", {
    value: soft,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}
