import type { Diagnostic } from "../base/diagnostic.ts";
import { Command } from "../deps/commander.ts";
import type { PackagedProject } from "../project/package_project.ts";
import type { Finish } from "./commands.ts";
import { examples } from "./options.ts";
import { fileTable, formatBytes } from "./text.ts";

/** `packflow package`: makes the archive of a project. */
export function packageCommand(finish: Finish) {
  return new Command("package")
    .description("Validate a project, then make its package: the same bytes from the same files, anywhere.")
    .argument("[PROJECT]", "project folder", ".")
    .option(
      "-o, --output <PATH>",
      "file or folder to write; {name}-{version}.tar.gz in the current folder when left out",
    )
    .option("--list", "print the files that go in, and write nothing")
    .option("--dry-run", "do everything but writing the package")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      examples("packflow package", "packflow package my-model --output dist/", "packflow package --list"),
    )
    .action(async (path, options) => {
      const { packageProject } = await import("../project/package_project.ts");
      const dryRun = options.dryRun === true || options.list === true;
      const made = await packageProject({
        folder: path,
        dryRun,
        ...(options.output === undefined ? {} : { output: options.output }),
      });
      finish({
        ok: true,
        diagnostics: [...made.warnings, ...made.left.map(leftOut)],
        data: {
          path: made.path,
          written: !dryRun,
          size: made.size,
          sha256: made.sha256,
          digest: made.digest,
          files: made.files.map(({ path, size }) => ({ path, size })),
        },
        ...(options.list === true ? { output: fileTable(made.files) } : { notes: summary(made, dryRun) }),
      });
    });
}

function leftOut({ path, reason }: { path: string; reason: string }): Diagnostic {
  return {
    severity: "warning",
    code: "check.left_out",
    message: `Left out "${path}" as ${reason}`,
    file: path,
  };
}

function summary(made: PackagedProject, dryRun: boolean): string[] {
  return [
    `${dryRun ? "Would write" : "Wrote"} ${made.path} (${made.files.length} files, ${
      formatBytes(made.size)
    })`,
    `  sha256 ${made.sha256}`,
    `  digest ${made.digest}`,
  ];
}
