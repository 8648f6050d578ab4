import { PackflowError } from "../base/errors.ts";
import { Command } from "../deps/commander.ts";
import type { Finish } from "./commands.ts";
import { examples } from "./options.ts";
import type { Outcome } from "./report.ts";
import { keyOption, signatureOption } from "./trust_options.ts";

/** `packflow verify`: whether a package is whole and unaltered, and with keys: who made it. */
export function verifyCommand(finish: Finish) {
  return new Command("verify")
    .description(
      "Check that a package is whole and unaltered, every file, size and SHA-256; with --key also that it, or an " +
        "unpacked folder, is what the holder of that key has signed. Runs none of its code.",
    )
    .argument("<PACKAGE>", "package file; with --key also a folder")
    .addOption(keyOption())
    .addOption(signatureOption())
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      examples(
        "packflow verify my-model-0.1.0.tar.gz",
        "packflow verify my-model-0.1.0.tar.gz --key release.pub.pem",
        "packflow verify my-model-0.1.0/ --key release.pub.pem --signature my-model-0.1.0.tar.gz.sig",
      ),
    )
    .action(async (path, { key, signature }) => {
      if (key !== undefined) {
        finish(await verifySigned(path, { keys: key, ...(signature === undefined ? {} : { signature }) }));
      } else if (signature !== undefined) {
        const reason = "--signature needs the public keys that you trust: name them with --key";
        throw new PackflowError("usage.invalid", `Cannot verify with these options as ${reason}`);
      } else finish(await verifyWhole(path));
    });
}

async function verifySigned(path: string, trust: { keys: string[]; signature?: string }): Promise<Outcome> {
  const { verifyProject } = await import("../project/verify_project.ts");
  const { name, files, package: verified, ...signature } = await verifyProject(path, trust);
  const what = verified === undefined ? name : `${name} ${verified.version}`;
  return {
    ok: true,
    data: { name, ...verified, files, signature },
    notes: [
      `Verified ${what}: ${files} files${verified === undefined ? "" : `, ${verified.digest}`}`,
      `Signed by the key ${signature.keyId} (${signature.keyFile})`,
    ],
  };
}

async function verifyWhole(path: string): Promise<Outcome> {
  const { readPackage } = await import("../project/open_package.ts");
  const { manifest: { name, version, digest, files } } = await readPackage(path);
  return {
    ok: true,
    data: { name, version, digest, files: files.length, signature: null },
    notes: [
      `Verified ${name} ${version}: ${files.length} files, ${digest}`,
      "No signature was looked at: this shows that nothing was altered by accident, not who made it",
    ],
  };
}
