import { VERSION } from "../base/version.ts";
import { Command } from "../deps/commander.ts";
import { availableCores, operatingSystem } from "../host/runtime.ts";
import type { Finish } from "./commands.ts";
import { examples } from "./options.ts";

/** `packflow doctor`: what this machine offers, and what it keeps project code from. */
export function doctorCommand(finish: Finish) {
  return new Command("doctor")
    .description("Tell what this machine offers, and what project code is kept from here.")
    .option("--json", "print one JSON object")
    .addHelpText("after", examples("packflow doctor", "packflow doctor --json"))
    .action(async () => {
      const { hostFacts, sandboxReport } = await import("../isolate/sandbox.ts");
      const facts = hostFacts();
      const protections = sandboxReport(facts);
      const program = facts.isCompiled ? "binary" : "source";
      finish({
        ok: true,
        data: {
          version: VERSION,
          program,
          os: operatingSystem(),
          cores: availableCores(),
          landlock: facts.landlock,
          protections: protections.map((protection) => ({ ...protection })),
        },
        output: [
          `packflow ${VERSION}, from ${program}, on ${operatingSystem()} with ${availableCores()} cores`,
          "",
          "Project code is kept from:",
          ...protections.map(({ name, isActive, detail }) =>
            `  ${isActive ? "yes" : "NO "}  ${name} (${detail})`
          ),
        ],
      });
    });
}
