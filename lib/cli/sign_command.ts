import { Command } from "../deps/commander.ts";
import type { Finish } from "./commands.ts";
import { examples } from "./options.ts";

/** `packflow sign`: signs a package with a private key. */
export function signCommand(finish: Finish) {
  return new Command("sign")
    .description("Verify a package, then sign it: OpenSSF Model Signing. The package stays as it is.")
    .argument("<PACKAGE>", "package file")
    .requiredOption("--key <FILE>", "your private key, in PEM; packflow keygen makes one")
    .option("-o, --output <FILE>", "the signature; the package's file with .sig behind when left out")
    .option("--json", "print one JSON object")
    .addHelpText("after", examples("packflow sign my-model-0.1.0.tar.gz --key signing-key.pem"))
    .action(async (path, { key, output }) => {
      const { signPackage } = await import("../project/sign_package.ts");
      const signed = await signPackage({ path, key, ...(output === undefined ? {} : { output }) });
      finish({
        ok: true,
        data: { ...signed },
        notes: [
          `Signed ${signed.name} ${signed.version}: ${signed.files} files, ${signed.digest}`,
          `  signature ${signed.signature}`,
          `  key id ${signed.keyId}`,
        ],
      });
    });
}
