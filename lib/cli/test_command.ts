import type { Diagnostic } from "../base/diagnostic.ts";
import { PackflowError } from "../base/errors.ts";
import { Command } from "../deps/commander.ts";
import type { GoldenResult } from "../project/test_project.ts";
import type { Finish } from "./commands.ts";
import { isolatedOptionsOf, withIsolatedOptions } from "./device_options.ts";
import { examples, PROJECT_HELP } from "./options.ts";

/** `packflow test`: runs a project's golden events. */
export function testCommand(finish: Finish) {
  const command = new Command("test")
    .description("Run the project's golden events, alone and in batches, and compare the answers.")
    .argument("[PROJECT]", PROJECT_HELP, ".")
    .option("--update", "write the present answers into golden.ndjson")
    .option("--add <FILE>", "add these events, one a line, to golden.ndjson with their present answers")
    .option("--json", "print one JSON object");
  return withIsolatedOptions(command)
    .addHelpText(
      "after",
      examples(
        "packflow test",
        "packflow test my-model --update",
        "packflow test my-model --add sample.ndjson",
        "packflow test my-model --device wasm",
      ),
    )
    .action(async (path, options) => {
      const { openProject } = await import("../project/open_package.ts");
      const { testProject } = await import("../project/test_project.ts");
      await using project = await openProject(path);
      const writes = options.update === true || options.add !== undefined;
      if (writes && project.package !== undefined) throw cannotUpdate(path);
      const report = await testProject(project.folder, {
        update: options.update ?? false,
        ...(options.add === undefined ? {} : { add: options.add }),
        ...isolatedOptionsOf(options),
      });
      const { passed, failed, updated } = report;
      finish({
        ok: failed === 0,
        diagnostics: report.results.flatMap(diagnosticsOf),
        data: { passed, failed, updated },
        notes: [
          ...(updated ? ["Updated golden.ndjson"] : []),
          `${passed} golden events passed, ${failed} failed`,
        ],
      });
    });
}

function cannotUpdate(path: string): PackflowError {
  return new PackflowError(
    "usage.invalid",
    `Cannot update the golden events of "${path}" as a package never changes`,
    {
      remedy: "Update them in the project's folder, then package it again",
    },
  );
}

function diagnosticsOf(result: GoldenResult): Diagnostic[] {
  return result.problems.map(({ run, message, path, expected, got }) => ({
    severity: "error",
    code: "check.golden_failed",
    message: `${result.name}, ${run}: ${message}` +
      (path === undefined ? "" : ` at "${path}": expected ${show(expected)}, got ${show(got)}`),
    file: "golden.ndjson",
    line: result.line,
  }));
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
