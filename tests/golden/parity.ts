/**
 * Runs a file of golden vectors, recorded from the original packflow 0.4.1, against our code.
 *
 * ```ts ignore
 * Deno.test("loaders act like the original's", () =>
 *   runParity({ file: "loaders", adapter: (test) => ..., differences: loadersDifferences }));
 * ```
 *
 * The adapter gets a case with special values decoded and `config` in our camelCase; it returns what our code returns,
 * or throws what our code throws. A case is
 * - followed: same data, key order, identity and untouched input as recorded, or an error of the recorded class;
 * - improved or not applicable: listed in `differences/<file>.ts`, with the reason and with what ours does instead,
 *   which is checked too. Cases tagged `python-only` need no listing.
 * - unexplained otherwise: the run fails, as it does for a listed case that is followed after all or does not exist.
 */
import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { camelCase, decodeSpecial, ourConfig } from "./decode.ts";
import { keyOrder, sameData } from "./same_data.ts";

/** One recorded call. */
export interface ParityCase {
  readonly id: string;
  readonly group?: string;
  readonly op?: string;
  readonly fn?: string;
  readonly tags?: readonly string[];
  /** Special values decoded; anything, as the file's own format says. */
  // deno-lint-ignore no-explicit-any
  readonly input: any;
  /** Option names in camelCase, "numpy" as "tensor". */
  readonly config: Record<string, unknown>;
  /** Every other member of the case as recorded. */
  // deno-lint-ignore no-explicit-any
  readonly raw: Record<string, any>;
  readonly expect: Expectation;
}

interface Expectation {
  readonly output?: unknown;
  readonly key_order?: unknown;
  readonly same_object_as_input?: boolean;
  readonly input_after?: unknown;
  readonly error?: string;
  readonly message_contains?: readonly string[];
  readonly error_fields?: readonly { path: string; kind: string }[];
}

/** What our code did. */
export type Outcome = { readonly output: unknown } | { readonly error: unknown };

/** What ours does where it differs: this output, or an error of this code. */
export type OurOutcome = { readonly output: unknown } | { readonly error: string };

/** Cases in which we differ on purpose, for one reason. */
export interface Difference {
  /** Number in the list of the original's quirks, as "quirk 5", or where else the decision is written. */
  readonly quirk: string;
  readonly reason: string;
  /** Case ids, `*` stands for anything, and our outcome; null where no call of ours corresponds to the case. */
  readonly cases: Readonly<Record<string, OurOutcome | null>>;
}

/** How to run a file. */
export interface ParityOptions {
  /** Name of the file in `cases/`, without `.json`. */
  readonly file: string;
  readonly adapter: (test: ParityCase) => unknown;
  readonly differences: readonly Difference[];
  /** Which classes of our error codes answer a recorded category, over {@linkcode ERROR_CLASSES}. */
  readonly errorClasses?: Readonly<Record<string, readonly string[]>>;
  /** Says how an outcome misses what was recorded, undefined where it does not; the default is {@linkcode mismatch}. */
  readonly compare?: (test: ParityCase, outcome: Outcome) => string | undefined;
}

/** Classes of our codes per recorded category; a plain exception of the language is answered by any proper error. */
const ERROR_CLASSES: Readonly<Record<string, readonly string[]>> = {
  config_error: ["config"],
  preprocessor_init_error: ["config"],
  preprocessor_runtime_error: ["event"],
  runtime_error: ["event", "backend"],
  init_error: ["backend"],
  validation_error: ["check"],
  load_error: ["backend", "project", "loader", "manifest"],
  yaml_error: ["manifest"],
  decode_error: ["manifest"],
  file_not_found: ["project", "manifest"],
  is_a_directory: ["project", "manifest"],
};

/** Runs every case and prints the counts. */
export async function runParity(options: ParityOptions): Promise<void> {
  const counts = { followed: 0, improved: 0, notApplicable: 0 };
  const wrong: string[] = [];
  const used = new Set<string>();
  for (const test of readCases(options.file)) {
    const listed = findDifference(options.differences, test.id);
    if (listed !== undefined) used.add(listed.pattern);
    if (listed === undefined && test.tags?.includes("python-only")) counts.notApplicable++;
    else if (listed?.ours === null) counts.notApplicable++;
    else {
      const problem = await runCase(test, listed?.ours, options);
      if (problem !== undefined) wrong.push(`${test.id}: ${problem}`);
      else if (listed === undefined) counts.followed++;
      else counts.improved++;
    }
  }
  for (const { cases } of options.differences) {
    for (const pattern of Object.keys(cases)) {
      if (!used.has(pattern)) wrong.push(`${pattern}: listed as a difference, yet no case has this id`);
    }
  }
  console.log(
    `parity ${options.file}: ${counts.followed} followed, ${counts.improved} improved, ` +
      `${counts.notApplicable} not applicable, ${wrong.length} unexplained`,
  );
  assert.deepEqual(wrong, []);
}

function readCases(file: string): ParityCase[] {
  const text = Deno.readTextFileSync(new URL(`cases/${file}.json`, import.meta.url));
  // deno-lint-ignore no-explicit-any
  return JSON.parse(text).map((raw: Record<string, any>) => ({
    ...raw,
    raw,
    input: decodeSpecial(raw.input),
    config: ourConfig(raw.config ?? {}),
    expect: { ...raw.expect, output: decodeSpecial(raw.expect.output) },
  }));
}

function findDifference(
  list: readonly Difference[],
  id: string,
): { pattern: string; ours: OurOutcome | null } | undefined {
  for (const { cases } of list) {
    for (const [pattern, ours] of Object.entries(cases)) {
      const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      if (new RegExp(`^${parts.join(".*")}$`).test(id)) return { pattern, ours };
    }
  }
  return undefined;
}

async function runCase(
  test: ParityCase,
  ours: OurOutcome | undefined,
  options: ParityOptions,
): Promise<string | undefined> {
  const before = decodeSpecial(test.raw.input);
  const outcome = await outcomeOf(test, options.adapter);
  const compare = options.compare ?? ((one, other) => mismatch(one, other, options.errorClasses));
  const difference = compare(test, outcome);
  if (ours === undefined) {
    return difference ??
      ("input_after" in test.expect || sameData(test.input, before) ? undefined : "the input was changed");
  }
  if (difference === undefined) return "listed as a difference, yet ours follows the original";
  if (!sameData(test.input, before)) return "the input was changed";
  return ourMismatch(ours, outcome);
}

async function outcomeOf(test: ParityCase, adapter: ParityOptions["adapter"]): Promise<Outcome> {
  try {
    return { output: await adapter(test) };
  } catch (error) {
    return { error };
  }
}

function ourMismatch(ours: OurOutcome, outcome: Outcome): string | undefined {
  if ("output" in ours) {
    if ("error" in outcome) return `ours should give ${show(ours.output)} but threw ${show(outcome.error)}`;
    const same = sameData(outcome.output, decodeSpecial(ours.output));
    return same ? undefined : `ours should give ${show(ours.output)} but gave ${show(outcome.output)}`;
  }
  if ("output" in outcome) return `ours should throw ${ours.error} but gave ${show(outcome.output)}`;
  const code = outcome.error instanceof PackflowError ? outcome.error.code : undefined;
  return code === ours.error ? undefined : `ours should throw ${ours.error} but threw ${show(outcome.error)}`;
}

/** How an outcome misses what was recorded; undefined where it does not. */
export function mismatch(
  test: ParityCase,
  outcome: Outcome,
  errorClasses: Readonly<Record<string, readonly string[]>> = {},
): string | undefined {
  const { expect } = test;
  if (expect.error !== undefined) {
    if ("output" in outcome) return `expected ${expect.error}, got ${show(outcome.output)}`;
    return errorMismatch(expect, outcome.error, errorClasses[expect.error] ?? ERROR_CLASSES[expect.error]);
  }
  if ("error" in outcome) return `expected ${show(expect.output)}, threw ${show(outcome.error)}`;
  if (!sameData(outcome.output, expect.output)) {
    return `expected ${show(expect.output)}, got ${show(outcome.output)}`;
  }
  if (expect.same_object_as_input && outcome.output !== test.input) {
    return "expected the input itself, got a copy";
  }
  if (expect.input_after !== undefined && !sameData(test.input, expect.input_after)) {
    return `expected the input to become ${show(expect.input_after)}`;
  }
  if (expect.key_order === undefined || test.tags?.includes("js-integer-like-keys")) return undefined;
  const order = keyOrder(outcome.output);
  return sameData(order, expect.key_order)
    ? undefined
    : `expected keys ${show(expect.key_order)}, got ${show(order)}`;
}

function errorMismatch(
  expect: Expectation,
  error: unknown,
  classes: readonly string[] | undefined,
): string | undefined {
  if (!(error instanceof PackflowError)) {
    return `expected ${expect.error} as a PackflowError, threw ${show(error)}`;
  }
  const ourClass = error.code.slice(0, error.code.indexOf("."));
  if (classes !== undefined && !classes.includes(ourClass)) {
    return `expected ${expect.error}, threw ${show(error)}`;
  }
  const paths = (expect.error_fields ?? []).map(({ path }) => path);
  const missing = [...expect.message_contains ?? [], ...paths].filter((piece) =>
    !error.message.includes(piece) && !error.message.includes(camelCase(piece))
  );
  return missing.length === 0 ? undefined : `the message "${error.message}" lacks ${show(missing)}`;
}

function show(value: unknown): string {
  if (value instanceof PackflowError) return `${value.code} "${value.message}"`;
  return Deno.inspect(value, { depth: 8, iterableLimit: 20, breakLength: Infinity }).slice(0, 300);
}
