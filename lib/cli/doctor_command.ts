import type { JsonValue } from "../base/json.ts";
import { VERSION } from "../base/version.ts";
import { Command } from "../deps/commander.ts";
import type { MachineReport } from "../project/machine_report.ts";
import type { Finish } from "./commands.ts";
import { examples } from "./options.ts";

/** `packflow doctor`: what this machine offers, and what it keeps project code from. */
export function doctorCommand(finish: Finish) {
  return new Command("doctor")
    .description("Tell what this machine offers, and what project code is kept from here.")
    .argument("[PROJECT]", "project folder whose onnxruntime-node counts as a device", ".")
    .option("--json", "print one JSON object")
    .addHelpText("after", examples("packflow doctor", "packflow doctor --json"))
    .action(async (path) => {
      const { machineReport } = await import("../project/machine_report.ts");
      const report = await machineReport(path);
      finish({
        ok: true,
        data: { version: VERSION, ...jsonOf(report) },
        output: linesOf(report),
      });
    });
}

function jsonOf({ devices, protections, ...rest }: MachineReport): Record<string, JsonValue> {
  return {
    ...rest,
    memory: { ...rest.memory },
    wasm: { ...rest.wasm },
    tempFolder: { ...rest.tempFolder },
    devices: devices.map((device) => ({ ...device })),
    protections: protections.map((protection) => ({ ...protection })),
  };
}

function linesOf(report: MachineReport): string[] {
  const { program, runtime, os, cores, memory, wasm, tempFolder } = report;
  const { total, available } = memory;
  return [
    `packflow ${VERSION}, from ${program}, on ${os} with ${cores} cores`,
    `runtime: ${runtime}; WebAssembly ${wasm.simd ? "with" : "without"} SIMD, ${
      wasm.threads ? "with" : "without"
    } threads`,
    `memory: ${gib(available)} of ${gib(total)} GiB available`,
    `temporary files: ${tempFolder.path ?? "nowhere"} (${tempFolder.detail})`,
    "",
    "Devices for models:",
    ...report.devices.map(({ name, isAvailable, detail }) => listed(isAvailable, `${name} (${detail})`)),
    "",
    "Project code is kept from:",
    ...report.protections.map(({ name, isActive, detail }) => listed(isActive, `${name} (${detail})`)),
  ];
}

function listed(isThere: boolean, text: string): string {
  return `  ${isThere ? "yes" : "NO "}  ${text}`;
}

function gib(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
