import { Command, Option } from "../deps/commander.ts";
import { CURVE_NAMES } from "../sign/curve.ts";
import type { Finish } from "./commands.ts";
import { examples } from "./options.ts";

/** `packflow keygen`: makes a pair of keys to sign packages with. */
export function keygenCommand(finish: Finish) {
  return new Command("keygen")
    .description(
      "Make a pair of keys to sign packages with: NAME.pem, which stays with you, and NAME.pub.pem to hand out.",
    )
    .option("-o, --output <NAME>", "where the keys go, without .pem; never overwritten", "signing-key")
    .addOption(
      new Option("--curve <CURVE>", "kind of key").choices(CURVE_NAMES).default("P-256" as const),
    )
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      examples("packflow keygen", "packflow keygen --curve P-384 --output ~/keys/release"),
    )
    .action(async ({ output, curve }) => {
      const { makeKeys } = await import("../project/make_keys.ts");
      const made = await makeKeys(output, curve);
      finish({
        ok: true,
        data: { ...made, curve },
        notes: [
          `Wrote private key ${made.privateKey}: keep it to yourself`,
          `Wrote public key  ${made.publicKey}: hand it to those who run your packages`,
          `  key id ${made.keyId}`,
        ],
      });
    });
}
