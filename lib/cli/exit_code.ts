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

/** The same in words, whichever command ended with it. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: "the command did what it was asked",
  failed: "a check failed, packages differ, or a project cannot be made",
  usage: "the command line or the environment is wrong",
  events: "events failed",
  load: "the project or a model cannot be loaded",
  integrity: "a package is not whole, altered, or not signed by a trusted key",
  unavailable: "input or output cannot be read or written, or the address cannot be listened at",
};

type ClassOf<Code> = Code extends `${infer Class}.${string}` ? Class : never;
type ErrorClass = ClassOf<ErrorCode>;

/** What a class of error codes is about, and the exit status of a command that such an error ends. */
export const ERROR_CLASSES: Readonly<
  Record<ErrorClass, { readonly exitCode: number; readonly about: string }>
> = {
  backend: { exitCode: EXIT.load, about: "The project's code cannot be loaded, fails, or breaks a promise." },
  check: { exitCode: EXIT.failed, about: "A check of the project or of its answers has a finding." },
  config: { exitCode: EXIT.load, about: "An option of the backend cannot be used." },
  create: { exitCode: EXIT.failed, about: "A project cannot be made." },
  event: { exitCode: EXIT.events, about: "An event cannot be read, or the model cannot take it." },
  internal: { exitCode: EXIT.failed, about: "Packflow itself failed." },
  loader: { exitCode: EXIT.load, about: "The project's modules and packages cannot be bundled." },
  manifest: { exitCode: EXIT.load, about: "The manifest, packflow.jsonc, cannot be used." },
  model: { exitCode: EXIT.load, about: "A model cannot be opened or run." },
  package: { exitCode: EXIT.integrity, about: "A package is not whole, not safe, or cannot be made." },
  project: { exitCode: EXIT.load, about: "The project's folder cannot be used." },
  request: { exitCode: EXIT.failed, about: "A request to packflow serve is refused; the server goes on." },
  serve: { exitCode: EXIT.unavailable, about: "The server cannot start." },
  signature: { exitCode: EXIT.integrity, about: "A signature is not there, not good or not trusted." },
  sink: { exitCode: EXIT.unavailable, about: "Answers cannot be written." },
  source: { exitCode: EXIT.unavailable, about: "Events cannot be read." },
  usage: { exitCode: EXIT.usage, about: "The command line or the environment is wrong." },
  worker: { exitCode: EXIT.load, about: "The process that runs the project's code failed." },
};

/** The class of an error code: what stands before its dot. */
export function classOf(code: string): string {
  return code.slice(0, code.indexOf("."));
}

/** The exit status for an error that ends a command. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof PackflowError)) return EXIT.failed;
  const known: Readonly<Record<string, { readonly exitCode: number }>> = ERROR_CLASSES;
  return known[classOf(error.code)]?.exitCode ?? EXIT.failed;
}
