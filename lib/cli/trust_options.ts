import { PackflowError } from "../base/errors.ts";
import { type Command, Option } from "../deps/commander.ts";
import type { Trust } from "../project/trust.ts";
import { collect } from "./options.ts";

/** What `--key` is, in every command that verifies. */
export function keyOption() {
  return new Option("--key <FILE>", "public key that you trust, in PEM; also several times").argParser(
    collect,
  );
}

/** What `--signature` is, in every command that verifies. */
export function signatureOption() {
  return new Option("--signature <FILE>", "the package's file with .sig behind when left out");
}

/** Options of commands that run a project. */
export interface TrustOptions {
  readonly requireSignature?: true | undefined;
  readonly key?: string[] | undefined;
  readonly signature?: string | undefined;
}

/** Adds the options that say who must have signed what a command runs. */
export function withTrustOptions<Args extends unknown[], Opts extends Record<never, unknown>>(
  command: Command<Args, Opts>,
) {
  return command
    .optionsGroup("Trust:")
    .option("--require-signature", "run nothing but what one of the keys has signed")
    .addOption(keyOption())
    .addOption(signatureOption());
}

/**
 * Who must have signed what is run; undefined where anyone may.
 *
 * @throws {PackflowError} `usage.invalid` for options that would look like a check without being one.
 */
export function trustOf({ requireSignature, key, signature }: TrustOptions): Trust | undefined {
  if (requireSignature === undefined) {
    if (key === undefined && signature === undefined) return undefined;
    refuse("--key and --signature do nothing by themselves: add --require-signature");
  }
  if (key === undefined) {
    refuse("--require-signature needs the public keys that you trust: name them with --key");
  }
  return { keys: key, ...(signature === undefined ? {} : { signature }) };
}

function refuse(reason: string): never {
  throw new PackflowError("usage.invalid", `Cannot run with these options as ${reason}`);
}
