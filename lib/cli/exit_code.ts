import type { ErrorCode } from "../base/error_codes.ts";
import { PackflowError } from "../base/errors.ts";

/** What the process's exit status means; docs and `--help` list the same. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  events: 3,
  load: 4,
  integrity: 5,
  unavailable: 6,
} as const;

type ClassOf<Code> = Code extends `${infer Class}.${string}` ? Class : never;
type ErrorClass = ClassOf<ErrorCode>;

const EXIT_OF_CLASS: Readonly<Record<ErrorClass, number>> = {
  backend: EXIT.load,
  check: EXIT.failed,
  config: EXIT.load,
  create: EXIT.failed,
  event: EXIT.events,
  internal: EXIT.failed,
  loader: EXIT.load,
  manifest: EXIT.load,
  model: EXIT.load,
  package: EXIT.integrity,
  project: EXIT.load,
  request: EXIT.failed,
  serve: EXIT.unavailable,
  signature: EXIT.integrity,
  sink: EXIT.unavailable,
  source: EXIT.unavailable,
  usage: EXIT.usage,
  worker: EXIT.load,
};

/** The exit status for an error that ends a command. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof PackflowError)) return EXIT.failed;
  const known: Readonly<Record<string, number>> = EXIT_OF_CLASS;
  return known[error.code.slice(0, error.code.indexOf("."))] ?? EXIT.failed;
}
