import { Command, Option } from "../deps/commander.ts";
import type { Finish } from "./commands.ts";
import { type LimitOptions, limitsOf, withLimitOptions } from "./limit_options.ts";
import { collect, examples } from "./options.ts";
import type { Outcome } from "./report.ts";
import { trustOf, type TrustOptions, withTrustOptions } from "./trust_options.ts";

/** `packflow unpack`: verifies a package and writes its files to a new folder. */
export function unpackCommand(finish: Finish) {
  const command = new Command("unpack")
    .description("Verify a package whole, then write its files, or some of them, to a new folder.")
    .argument("<PACKAGE>", "package file, or folder of an OCI image layout")
    .argument("[FOLDER]", "folder to make; {name}-{version} when left out")
    .addOption(
      new Option(
        "--filter <PATTERN>",
        "write only files that match, as .gitignore says it; also several times",
      )
        .argParser(collect),
    )
    .option("--json", "print one JSON object");
  return withTrustOptions(withLimitOptions(command))
    .addHelpText(
      "after",
      examples(
        "packflow unpack my-model-0.1.0.tar.gz",
        'packflow unpack my-model-0.1.0.tar.gz here --filter "*.onnx" --filter /README.md',
        "packflow unpack my-model-0.1.0.tar.gz --require-signature --key release.pub.pem",
      ),
    )
    .action(async (path, folder, options) => finish(await unpack(path, folder, options)));
}

type Options = TrustOptions & LimitOptions & { readonly filter?: string[] | undefined };

async function unpack(path: string, folder: string | undefined, options: Options): Promise<Outcome> {
  const { unpackProject } = await import("../project/unpack_project.ts");
  const trust = trustOf(options);
  const { path: target, name, version, files, digest, signedBy } = await unpackProject(path, {
    ...(folder === undefined ? {} : { folder }),
    ...(trust === undefined ? {} : { trust }),
    filter: options.filter ?? [],
    limits: limitsOf(options),
  });
  return {
    ok: true,
    data: { path: target, name, version, files, digest, signedBy: signedBy ?? null },
    notes: [
      `Unpacked ${files} files to ${target}`,
      ...(signedBy === undefined ? [] : [`  signed by the key ${signedBy}`]),
    ],
  };
}
