import type { Tensor, TensorData } from "../onnx/session.ts";

/** Writes the element at an index; undefined where JSON has no notation for it. */
type ElementWriter = (index: number) => string | undefined;

/** How an output's elements are laid out in the text of a result. */
interface Layout {
  /** The text before each element of an event: brackets, commas, and before the first one the name. */
  readonly before: readonly string[];
  /** The text after the last element. */
  readonly after: string;
  /** Sizes of the dimensions after the first. */
  readonly row: readonly number[];
}

/**
 * Writes results from the tensors of a run, as JSON.stringify would write the objects that onnxResults makes of them.
 */
export class DirectWriter {
  readonly #names: readonly string[];
  readonly #layouts: (Layout | undefined)[] = [];

  constructor(names: readonly string[]) {
    // An object has each key once, those that are whole numbers first.
    this.#names = Object.keys(Object.fromEntries(names.map((name) => [name, 0])));
  }

  /**
   * The texts of all results, joined.
   *
   * @returns undefined where anything is not as it must be, such as a NaN or a wrong shape.
   */
  write(
    tensors: Readonly<Record<string, Tensor>>,
    events: number,
    separator: string,
  ): string | undefined {
    const writers: RowWriter[] = [];
    for (const [index, name] of this.#names.entries()) {
      const tensor = tensors[name];
      if (tensor === undefined || tensor.dims[0] !== events) return undefined;
      writers.push(rowWriter(tensor, this.#layoutOf(index, name, tensor)));
    }
    let text = "";
    for (let event = 0; event < events; event++) {
      text += event === 0 ? "{" : separator + "{";
      for (let i = 0; i < writers.length; i++) {
        const row = writers[i]?.(event);
        if (row === undefined) return undefined;
        text += row;
      }
      text += "}";
    }
    return text;
  }

  #layoutOf(index: number, name: string, { dims }: Tensor): Layout {
    const known = this.#layouts[index];
    const row = dims.slice(1);
    if (known?.row.length === row.length && row.every((size, axis) => size === known.row[axis])) return known;
    return this.#layouts[index] = layoutOf(`${index === 0 ? "" : ","}${JSON.stringify(name)}:`, row);
  }
}

function layoutOf(name: string, row: readonly number[]): Layout {
  const size = row.reduce((product, length) => product * length, 1);
  // The text of the array with a letter for every element shows what stands between them.
  const letters = JSON.stringify(nest(row)).split("0");
  const [first = "", ...rest] = letters;
  return size === 0
    ? { before: [], after: name + first, row }
    : { before: [name + first, ...rest.slice(0, -1)], after: rest.at(-1) ?? "", row };
}

/** Zeros in arrays nested as the sizes say. */
function nest([length, ...inner]: readonly number[]): unknown {
  return length === undefined ? 0 : Array.from({ length }, () => nest(inner));
}

/** Writes an event's elements of one output. */
type RowWriter = (event: number) => string | undefined;

function rowWriter({ type, data }: Tensor, { before, after }: Layout): RowWriter {
  const size = before.length;
  const elementText = elementWriter(type, data);
  return (event) => {
    let text = "";
    for (let i = 0, at = event * size; i < size; i++, at++) {
      const element = elementText(at);
      if (element === undefined) return undefined;
      text += before[i] + element;
    }
    return text + after;
  };
}

function elementWriter(type: Tensor["type"], data: TensorData): ElementWriter {
  if (data instanceof Array) return (index) => JSON.stringify(data[index] ?? "");
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return integerWriter(data);
  if (type === "bool") return (index) => data[index] === 0 ? "false" : "true";
  if (type === "float32" && data instanceof Float32Array) return (index) => finiteText(data[index] ?? 0);
  if (type !== "float16") return (index) => finiteText(data[index] ?? 0);
  const halves = new Float16Array(data.buffer, data.byteOffset, data.length);
  return (index) => finiteText(halves[index] ?? 0);
}

function finiteText(value: number): string | undefined {
  return value - value === 0 ? String(value) : undefined;
}

/** Small integers are read as halves of 32 bits: a bigint for each would cost more than the rest of it. */
function integerWriter(data: BigInt64Array | BigUint64Array): ElementWriter {
  const halves = new Int32Array(data.buffer, data.byteOffset, 2 * data.length);
  const isSigned = data instanceof BigInt64Array;
  return (index) => {
    const low = halves[2 * index] ?? 0;
    const high = halves[2 * index + 1] ?? 0;
    if (high === 0 && low >= 0 || isSigned && high === -1 && low < 0) return String(low);
    const exact = data[index] ?? 0n;
    return Number.isSafeInteger(Number(exact)) ? String(exact) : `"${exact}"`;
  };
}
