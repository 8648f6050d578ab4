import { Command } from "../deps/commander.ts";
import type { Finish } from "./commands.ts";
import { examples } from "./options.ts";

/** `packflow verify`: whether a package is whole and unaltered. */
export function verifyCommand(finish: Finish) {
  return new Command("verify")
    .description(
      "Check that a package is whole and unaltered: every file, size and SHA-256. Runs none of its code.",
    )
    .argument("<PACKAGE>", "package file")
    .option("--json", "print one JSON object")
    .addHelpText("after", examples("packflow verify my-model-0.1.0.tar.gz"))
    .action(async (path) => {
      const { readPackage } = await import("../project/open_package.ts");
      const { manifest } = await readPackage(path);
      finish({
        ok: true,
        data: {
          name: manifest.name,
          version: manifest.version,
          digest: manifest.digest,
          files: manifest.files.length,
        },
        notes: [
          `Verified ${manifest.name} ${manifest.version}: ${manifest.files.length} files, ${manifest.digest}`,
          "Not signed: this shows that nothing was altered by accident, not who made it",
        ],
      });
    });
}
