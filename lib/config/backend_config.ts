import { z } from "../deps/zod.ts";

/**
 * The schema of the options every backend has. Extend it for options of your own:
 * unknown names stay errors.
 *
 * @example
 * ```ts
 * import { BackendConfig, z } from "packflow";
 *
 * const Config = BackendConfig.extend({ threshold: z.number().min(0).max(1).default(0.5) });
 * console.assert(Config.parse({}).threshold === 0.5);
 * ```
 */
export const BackendConfig: z.ZodObject<{
  verbose: z.ZodDefault<z.ZodBoolean>;
  inputFormat: z.ZodDefault<z.ZodEnum<{ passthrough: "passthrough"; records: "records"; tensor: "tensor" }>>;
  renameFields: z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodString>>;
  featureNames: z.ZodDefault<z.ZodArray<z.ZodString>>;
  flattenNestedInputs: z.ZodDefault<z.ZodBoolean>;
  flattenLists: z.ZodDefault<z.ZodBoolean>;
  nestedFieldDelimiter: z.ZodDefault<z.ZodString>;
  ignoreDelimiterCollisions: z.ZodDefault<z.ZodBoolean>;
  onMissing: z.ZodDefault<z.ZodEnum<{ error: "error"; null: "null"; skip: "skip" }>>;
  tensorType: z.ZodDefault<z.ZodEnum<{ float32: "float32"; float64: "float64" }>>;
  outputKeys: z.ZodDefault<z.ZodArray<z.ZodString>>;
}, z.core.$strict> = z.strictObject({
  verbose: z.boolean().default(false).describe("Log each call's step times"),
  inputFormat: z.enum(["passthrough", "records", "tensor"]).default("records")
    .describe(
      "What execute receives: events as they came, events prepared, or one tensor [events, features]",
    ),
  renameFields: z.record(z.string(), z.string()).default({})
    .describe("Event field path to its new path; the field moves, the old name is gone"),
  featureNames: z.array(z.string()).default([])
    .describe("Field paths to keep, in this order, by their new names; empty keeps all"),
  flattenNestedInputs: z.boolean().default(false).describe("Turn nested objects into paths"),
  flattenLists: z.boolean().default(false).describe("Flatten arrays too, by index"),
  nestedFieldDelimiter: z.string().min(1).default(".").describe("Separates the parts of a field path"),
  ignoreDelimiterCollisions: z.boolean().default(false)
    .describe("Read keys that hold the delimiter themselves before paths, rather than refuse them"),
  onMissing: z.enum(["skip", "null", "error"]).default("skip")
    .describe(
      "A feature that an event lacks or holds null in: left out, null, or an error. " +
        "A tensor has no gaps: skip is an error there, null becomes NaN",
    ),
  tensorType: z.enum(["float32", "float64"]).default("float32")
    .describe("Number type of the tensor; float64 keeps integers exact up to 2^53, float32 up to 2^24"),
  outputKeys: z.array(z.string().min(1)).default([])
    .describe("Keys that checkIo expects in the results"),
});

/** The options every backend has, checked and with defaults filled in. */
export type BackendConfig = z.infer<typeof BackendConfig>;
