import { z } from "../deps/zod.ts";
import { BackendConfig } from "./backend_config.ts";

/** What may run a model; "auto" is the fastest of those that are known to. */
export type Device = "auto" | "trees" | "wasm" | "webgpu" | "native";

/** Every {@linkcode Device}. */
export const DEVICES = ["auto", "trees", "wasm", "webgpu", "native"] as const satisfies readonly Device[];

/**
 * The schema of the options of `OnnxBackend`. Extend it for a backend that puts code around a model.
 *
 * @example
 * ```ts
 * import { OnnxConfig, z } from "packflow";
 *
 * const Config = OnnxConfig.extend({ threshold: z.number().min(0).max(1).default(0.5) });
 * console.assert(Config.parse({ model: "model.onnx" }).threshold === 0.5);
 * ```
 */
export const OnnxConfig: z.ZodObject<
  Omit<typeof BackendConfig["shape"], "featureNames" | "inputFormat" | "onMissing"> & {
    model: z.ZodString;
    device: z.ZodDefault<z.ZodEnum<{ [Name in Device]: Name }>>;
    threads: z.ZodDefault<z.ZodInt>;
    outputs: z.ZodDefault<z.ZodArray<z.ZodString>>;
    featureNames: z.ZodDefault<z.ZodArray<z.ZodString>>;
    inputFormat: z.ZodDefault<z.ZodLiteral<"passthrough">>;
    onMissing: z.ZodDefault<z.ZodEnum<{ error: "error"; null: "null" }>>;
  },
  z.core.$strict
> = BackendConfig.extend({
  model: z.string().min(1).describe("Path of the ONNX file, relative to the project's folder"),
  device: z.enum(DEVICES).default("auto").describe(
    "What runs the model: trees for an ensemble of trees alone, wasm, webgpu or native for ONNX Runtime there, " +
      "auto for the fastest known to",
  ),
  threads: z.int().min(1).max(256).default(1)
    .describe("Threads that share the work of one call on wasm and native: for large models and few workers"),
  outputs: z.array(z.string().min(1)).default([]).describe("Outputs of the model to keep; empty keeps all"),
  featureNames: z.array(z.string().min(1)).default([])
    .describe("Field paths that make up the model's only input, in order"),
  inputFormat: z.literal("passthrough").default("passthrough")
    .describe("Events reach the model as they come: its inputs say how they are read"),
  onMissing: z.enum(["error", "null"]).default("error")
    .describe("A field that an event lacks, or that is null: an error, or NaN where the input holds floats"),
});

/** The options of `OnnxBackend`, checked and with defaults filled in. */
export type OnnxConfig = z.infer<typeof OnnxConfig>;
