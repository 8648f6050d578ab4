import { Command } from "../deps/commander.ts";
import type { Finish } from "./commands.ts";
import { examples } from "./options.ts";

/** `packflow unpack`: verifies a package and writes its files to a new folder. */
export function unpackCommand(finish: Finish) {
  return new Command("unpack")
    .description("Verify a package, then write its files to a new folder.")
    .argument("<PACKAGE>", "package file")
    .argument("[DIR]", "folder to make; {name}-{version} when left out")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      examples("packflow unpack my-model-0.1.0.tar.gz", "packflow unpack my-model-0.1.0.tar.gz here"),
    )
    .action(async (path, folder) => {
      const { readPackage } = await import("../project/open_package.ts");
      const { unpackPackage } = await import("../archive/unpack.ts");
      const { resolvePath } = await import("../host/path.ts");
      const { entries, manifest } = await readPackage(path);
      const target = resolvePath(folder ?? `${manifest.name}-${manifest.version}`);
      await unpackPackage(entries, target);
      finish({
        ok: true,
        data: { path: target, files: manifest.files.length },
        notes: [`Unpacked ${manifest.files.length} files to ${target}`],
      });
    });
}
