/** The backends that the golden vectors of `backend_call` and `validate_io` name. */
import { InferenceBackend } from "packflow";
import type { BackendOptions } from "packflow";

interface Hooks {
  readonly initialize?: (backend: FixtureBackend) => void;
  readonly transformInputs?: (inputs: unknown) => unknown;
  readonly execute?: (inputs: never, backend: FixtureBackend) => unknown;
  readonly transformOutputs?: (outputs: unknown) => unknown;
}

type Rows = Record<string, unknown>[];
type Matrix = { data: ArrayLike<number>; shape: number[] };

class FixtureBackend extends InferenceBackend {
  static hooks: Hooks = {};
  count = 0;

  override initialize() {
    hooksOf(this).initialize?.(this);
  }

  override execute(inputs: never) {
    return hooksOf(this).execute?.(inputs, this);
  }
}

/** What a backend without `execute` is in JavaScript: the hook is not there at run time. */
class NoExecute extends FixtureBackend {}
Object.defineProperty(NoExecute.prototype, "execute", { value: undefined });

function hooksOf(backend: FixtureBackend): Hooks {
  return Object.getPrototypeOf(backend).constructor.hooks;
}

const identity = (inputs: unknown) => inputs;
const takeX = (inputs: unknown) => (inputs as Rows).map((row) => row.x);
const giveY = (outputs: unknown) => (outputs as unknown[]).map((y) => ({ y }));

const FIXTURES: Readonly<Record<string, (argument: unknown) => Hooks>> = {
  identity: () => ({ execute: identity }),
  returns: (value) => ({ execute: () => value }),
  drop_last: () => ({ execute: (rows: Rows) => rows.slice(0, -1) }),
  duplicate_last: () => ({ execute: (rows: Rows) => [...rows, rows.at(-1)] }),
  throws_in: (step) => throwsIn(String(step)),
  throws_if_bad: () => ({ execute: (rows: Rows) => rows.map((row) => (row.bad ? boom() : row)) }),
  pipeline: () => ({
    transformInputs: takeX,
    execute: (values: number[]) => values.map((x) => x * 2),
    transformOutputs: giveY,
  }),
  only_transform_inputs: () => ({
    transformInputs: (rows) => (rows as Rows).map((row) => ({ ...row, ti: true })),
    execute: identity,
  }),
  only_transform_outputs: () => ({ execute: takeX, transformOutputs: giveY }),
  mutates_rows: () => ({
    execute: (rows: Rows) => {
      for (const row of rows) row.seen = true;
      return rows;
    },
  }),
  lazy_iterator: () => ({
    execute: function* (rows: Rows) {
      yield* rows;
    },
  }),
  row_sum: () => ({ execute: rowSums }),
  describe_input: () => ({ execute: describeInput }),
  counter: () => ({
    initialize: (backend) => backend.count = backend.config.verbose ? 100 : 0,
    execute: (rows: Rows, backend) => {
      const n = ++backend.count;
      return rows.map(() => ({ n }));
    },
  }),
  special_row: (name) => ({ execute: (rows: Rows) => rows.map(() => ({ v: special(String(name)) })) }),
  special_second_row: () => ({
    execute: (rows: Rows) => rows.map((_, index) => ({ v: index === 1 ? special("opaque") : index })),
  }),
};

/** Builds the backend a vector names. */
export function buildFixture(name: string, argument: unknown, config: BackendOptions["config"]) {
  if (name === "no_execute") return NoExecute.create();
  const make = FIXTURES[name];
  if (make === undefined) throw new Error(`Cannot build the fixture "${name}" as there is none of this name`);
  const hooks = make(argument);
  class Fixture extends FixtureBackend {
    static override hooks = hooks;
  }
  for (const hook of ["transformInputs", "transformOutputs"] as const) {
    if (hooks[hook] !== undefined) Object.assign(Fixture.prototype, { [hook]: hooks[hook] });
  }
  return Fixture.create(config === undefined ? {} : { config });
}

function throwsIn(step: string): Hooks {
  const hook = step.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return { execute: identity, [hook]: boom };
}

function boom(): never {
  throw new Error("boom");
}

function rowSums({ data, shape: [rows = 0, columns = 0] }: Matrix) {
  return Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += data[row * columns + column] ?? 0;
    return { sum };
  });
}

function describeInput(inputs: unknown) {
  const tensor = Array.isArray(inputs) ? undefined : inputs as Matrix;
  const rows = tensor === undefined ? (inputs as unknown[]).length : tensor.shape[0] ?? 0;
  const kind = tensor === undefined ? "list" : "ndarray";
  return Array.from({ length: rows }, () => ({ kind, rows, shape: tensor?.shape ?? null }));
}

/** A value of the kind that the original's fixture returns; the nearest one where JavaScript has no such type. */
function special(name: string): unknown {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const values: Readonly<Record<string, unknown>> = {
    set: new Set([1]),
    bytes: new Uint8Array([120]),
    datetime: new Date(0),
    np_float32: new Float32Array([1.5]),
    np_int64: 5n,
    opaque: new (class Opaque {})(),
    decimal: Object("1.1"),
    nested_set: { deep: [new Set([1])] },
    cyclic,
    nan: NaN,
    inf: Infinity,
    unicode: "日本🙂",
    lone_surrogate: "\ud800",
  };
  if (!Object.hasOwn(values, name)) {
    throw new Error(`Cannot make "${name}" as there is no such special value`);
  }
  return values[name];
}
