import { log } from "../base/log.ts";
import { type Command, Option } from "../deps/commander.ts";
import type { DeviceNote } from "../onnx/device_notes.ts";
import { type Device, DEVICES, type ModelOptions } from "../onnx/devices.ts";
import { SANDBOX_MODES, type SandboxOptions } from "../isolate/sandbox.ts";
import { wholeNumber } from "./options.ts";

/** Options of commands that run models: what runs them. */
export interface DeviceOptions {
  readonly device?: Device | undefined;
  readonly threads?: number | undefined;
  readonly verbose?: true | undefined;
}

/** Adds the options that say what runs models. */
export function withDeviceOptions<Args extends unknown[], Opts extends Record<never, unknown>>(
  command: Command<Args, Opts>,
) {
  return command
    .optionsGroup("Models:")
    .addOption(
      new Option("--device <NAME>", "what runs models, whatever the project says; see packflow doctor")
        .choices(DEVICES),
    )
    .option(
      "--threads <N>",
      "threads that share the work of one call of a model, on wasm and native",
      wholeNumber(1),
    )
    .option("--verbose", "tell what runs each model, and why");
}

/** How models are run, as far as the options say. */
export function modelsOf({ device, threads }: DeviceOptions): ModelOptions {
  return {
    ...(device === undefined ? {} : { device }),
    ...(threads === undefined ? {} : { threads }),
  };
}

/** Tells what workers note of devices, each thing once: many workers open the same model. */
export function noteTeller(
  { verbose }: DeviceOptions,
  tell: (level: "info" | "warn", message: string) => void = log,
): (note: DeviceNote) => void {
  const told = new Set<string>();
  return ({ level, message }) => {
    if (level === "info" && verbose !== true || told.has(message)) return;
    told.add(message);
    tell(level, message);
  };
}

/** How commands that check a project open its backend. */
export interface IsolatedOptions {
  readonly sandbox: SandboxOptions;
  readonly models: ModelOptions;
  readonly note: (note: DeviceNote) => void;
}

/** Adds the options of commands that check a project by running its code. */
export function withIsolatedOptions<Args extends unknown[], Opts extends Record<never, unknown>>(
  command: Command<Args, Opts>,
) {
  return withDeviceOptions(command).optionsGroup("Isolation:").addOption(
    new Option(
      "--sandbox <MODE>",
      "isolate the project's code as well as can be, fully or not at all, or not",
    )
      .choices(SANDBOX_MODES).default("auto" as const),
  );
}

/** How the options have a project's backend opened. */
export function isolatedOptionsOf(
  options: DeviceOptions & { readonly sandbox: SandboxOptions["mode"] },
): IsolatedOptions {
  return { sandbox: { mode: options.sandbox }, models: modelsOf(options), note: noteTeller(options) };
}
