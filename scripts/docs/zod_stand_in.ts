/**
 * [Zod](https://zod.dev), which checks the options of backends and whatever else a project wants checked: the library
 * itself, its types included.
 *
 * @example
 * ```ts
 * import { BackendConfig, z } from "packflow";
 *
 * const Config = BackendConfig.extend({ threshold: z.number().min(0).max(1).default(0.5) });
 * type Config = z.infer<typeof Config>;
 * console.assert(Config.parse({}).threshold === 0.5);
 * ```
 */
export declare const z: unknown;
