import type { Device } from "../config/onnx_config.ts";

export { type Device, DEVICES } from "../config/onnx_config.ts";

/** How models are run. */
export interface ModelOptions {
  /** What runs the model; "auto" when left out. */
  readonly device?: Device;
  /** Threads that share the work of one call, where the device has threads; 1 when left out. */
  readonly threads?: number;
}

let asked: ModelOptions = {};

/** Says for all models that this process opens from now on how to run them, whatever else is asked. */
export function askOfModels(options: ModelOptions): void {
  asked = options;
}

/** What {@linkcode askOfModels} was told. */
export function askedOfModels(): ModelOptions {
  return asked;
}
