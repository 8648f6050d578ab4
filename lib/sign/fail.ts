import type { ErrorCode } from "../base/error_codes.ts";
import { PackflowError } from "../base/errors.ts";

/** The codes of what this folder refuses. */
export type SignatureCode = Extract<ErrorCode, `signature.${string}`>;

/** What to say beside the message. */
export interface FailOptions {
  readonly cause?: unknown;
  readonly remedy?: string;
}

/** Refuses a signature file: `Cannot accept signature as it must ...`. */
export function refuseSignature(code: SignatureCode, reason: string, options: FailOptions = {}): never {
  throw new PackflowError(code, `Cannot accept signature as ${reason}`, options);
}
