import type { Diagnostic } from "../base/diagnostic.ts";
import { PackflowError } from "../base/errors.ts";
import { Command } from "../deps/commander.ts";
import type { Finish } from "./commands.ts";
import { type IsolatedOptions, isolatedOptionsOf, withIsolatedOptions } from "./device_options.ts";
import { examples, PROJECT_HELP } from "./options.ts";
import { diagnosticsOf } from "./report.ts";

/** `packflow validate`: every finding about a project, with place and remedy. */
export function validateCommand(finish: Finish) {
  const command = new Command("validate")
    .description("Check a project: manifest, files, model and backend; tell every finding at once.")
    .argument("[PROJECT]", PROJECT_HELP, ".")
    .option("--deny-warnings", "fail on warnings too")
    .option("--json", "print one JSON object");
  return withIsolatedOptions(command)
    .addHelpText("after", examples("packflow validate", "packflow validate my-model --json"))
    .action(async (path, options) => {
      const diagnostics = await findings(path, isolatedOptionsOf(options));
      const errors = diagnostics.filter(({ severity }) => severity === "error").length;
      const warnings = diagnostics.length - errors;
      const ok = errors === 0 && (warnings === 0 || options.denyWarnings !== true);
      finish({
        ok,
        diagnostics,
        data: { errors, warnings },
        notes: [summary(errors, warnings)],
      });
    });
}

async function findings(path: string, how: IsolatedOptions): Promise<readonly Diagnostic[]> {
  const { openProject } = await import("../project/open_package.ts");
  const { checkProject } = await import("../project/check_project.ts");
  try {
    await using project = await openProject(path);
    return await checkProject(project.folder, how);
  } catch (error) {
    // A manifest that cannot be read is what this command is there to tell, not what stops it.
    if (error instanceof PackflowError && error.code.startsWith("manifest.")) return diagnosticsOf(error);
    throw error;
  }
}

function summary(errors: number, warnings: number): string {
  if (errors + warnings === 0) return "Valid: no errors, no warnings";
  const found = `${count(errors, "error")}, ${count(warnings, "warning")}`;
  return errors === 0 ? `Valid: ${found}` : `Not valid: ${found}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
