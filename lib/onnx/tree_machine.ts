import type { RowRange } from "./tree_answers.ts";
import { TREE_KERNEL } from "./tree_kernel.ts";
import type { TreeEnsemble } from "./tree_ensemble.ts";

const PAGE = 65_536;
const NODE_BYTES = 16;
const SCORE_BYTES = 8;
/** Address of the first node: none has address 0, which marks a leaf. */
const NODES = 16;
/** Bytes of rows that are taken at once: few enough to stay in the processor's cache. */
const CHUNK_BYTES = 262_144;
/** Rows that are taken at once where they are short. */
const MOST_ROWS = 4096;
/** Trees that need more memory than this are left to ONNX Runtime. */
const MOST_BYTES = 2 ** 30;

/** What the kernel exports. */
interface Kernel {
  readonly memory: WebAssembly.Memory;
  sumScores(...args: readonly number[]): void;
  addScores(...args: readonly number[]): void;
}

/** Where things are in the kernel's memory, in bytes. */
interface Layout {
  readonly lists: number;
  readonly roots: number;
  readonly rootsEnd: number;
  readonly rows: number;
  readonly sums: number;
  readonly end: number;
}

/** Adds up the scores of rows over the trees of an ensemble, in WebAssembly. */
export class TreeMachine {
  readonly #ensemble: TreeEnsemble;
  readonly #kernel: Kernel;
  readonly #layout: Layout;
  /** Floats of a row in memory: its columns, and where a node wants it, all of them again with NaN as -Infinity. */
  readonly #width: number;
  readonly #chunk: number;
  readonly #rows: Float32Array;
  readonly #sums: Float32Array;

  private constructor(ensemble: TreeEnsemble, kernel: Kernel) {
    this.#ensemble = ensemble;
    this.#kernel = kernel;
    this.#width = widthOf(ensemble);
    this.#chunk = chunkOf(this.#width);
    this.#layout = layoutOf(ensemble);
    const { memory } = kernel;
    memory.grow(Math.ceil(this.#layout.end / PAGE) - memory.buffer.byteLength / PAGE);
    writeTrees(ensemble, memory.buffer, this.#layout);
    this.#rows = new Float32Array(memory.buffer, this.#layout.rows, this.#chunk * this.#width);
    this.#sums = new Float32Array(memory.buffer, this.#layout.sums, this.#chunk * ensemble.scores);
  }

  /** Sets the trees up; undefined where they are too large. */
  static async load(ensemble: TreeEnsemble): Promise<TreeMachine | undefined> {
    if (layoutOf(ensemble).end > MOST_BYTES) return undefined;
    const bytes = Uint8Array.from(atob(TREE_KERNEL), (letter) => letter.charCodeAt(0));
    const { instance } = await WebAssembly.instantiate(bytes);
    const { memory, sumScores, addScores } = instance.exports;
    if (!(memory instanceof WebAssembly.Memory) || !isFunction(sumScores) || !isFunction(addScores)) {
      throw new TypeError("The kernel must export what build_kernel.ts compiled");
    }
    return new TreeMachine(ensemble, { memory, sumScores, addScores });
  }

  /**
   * Hands over the sums of rows, part by part, as `[rows, scores]`; they are overwritten by the next part.
   *
   * @param data Rows of the ensemble's columns.
   */
  run(
    data: Float32Array,
    count: number,
    take: (sums: Float32Array, range: RowRange) => void,
  ): void {
    const { columns } = this.#ensemble.input;
    for (let first = 0; first < count; first += this.#chunk) {
      const rows = Math.min(this.#chunk, count - first);
      this.#writeRows(data.subarray(first * columns, (first + rows) * columns));
      this.#sum(rows);
      take(this.#sums, { first, rows });
    }
  }

  #writeRows(data: Float32Array): void {
    const { columns } = this.#ensemble.input;
    if (this.#width === columns) {
      this.#rows.set(data);
      return;
    }
    for (let from = 0, to = 0; from < data.length; from += columns, to += this.#width) {
      for (let column = 0; column < columns; column++) {
        const value = data[from + column] ?? 0;
        this.#rows[to + column] = value;
        this.#rows[to + columns + column] = Number.isNaN(value) ? -Infinity : value;
      }
    }
  }

  #sum(rows: number): void {
    const { rows: start, roots, rootsEnd, sums } = this.#layout;
    const rowBytes = 4 * this.#width;
    const end = start + rows * rowBytes;
    const { scores } = this.#ensemble;
    if (scores === 1) {
      this.#kernel.sumScores(start, end, rowBytes, roots, rootsEnd, sums);
    } else {
      this.#sums.fill(0, 0, rows * scores);
      this.#kernel.addScores(start, end, rowBytes, roots, rootsEnd, sums, 4 * scores);
    }
  }
}

function isFunction(
  value: WebAssembly.ExportValue | undefined,
): value is (...args: readonly number[]) => void {
  return typeof value === "function";
}

function widthOf({ input, lowNaN }: TreeEnsemble): number {
  return lowNaN.includes(1) ? 2 * input.columns : input.columns;
}

function chunkOf(width: number): number {
  return Math.max(1, Math.min(MOST_ROWS, Math.floor(CHUNK_BYTES / (4 * width))));
}

function layoutOf(ensemble: TreeEnsemble): Layout {
  const { children, roots, scores, scoreIds } = ensemble;
  const width = widthOf(ensemble);
  const lists = NODES + NODE_BYTES * children.length;
  const rootsAt = lists + SCORE_BYTES * scoreIds.length;
  const rootsEnd = rootsAt + 4 * roots.length;
  const rows = Math.ceil(rootsEnd / 16) * 16;
  const sums = rows + 4 * width * chunkOf(width);
  return { lists, roots: rootsAt, rootsEnd, rows, sums, end: sums + 4 * scores * chunkOf(width) };
}

/** Writes nodes, lists of scores and roots as tree_kernel.wat describes them. */
function writeTrees(ensemble: TreeEnsemble, buffer: ArrayBufferLike, layout: Layout): void {
  const { children, columns, thresholds, lowNaN, listStarts, listEnds, scoreIds, weights } = ensemble;
  const ints = new Int32Array(buffer);
  const floats = new Float32Array(buffer);
  const listAt = (score: number | undefined) => layout.lists + SCORE_BYTES * (score ?? 0);
  // Each leaf then has exactly one: it stands in the leaf itself.
  const isOne = ensemble.scores === 1;
  for (let node = 0, at = NODES / 4; node < children.length; node++, at += NODE_BYTES / 4) {
    const [child = 0, column = 0] = [children[node], columns[node]];
    if (child !== 0) {
      floats[at] = thresholds[node] ?? 0;
      ints[at + 1] = 4 * (lowNaN[node] === 1 ? ensemble.input.columns + column : column);
      ints[at + 2] = NODES + NODE_BYTES * child;
    } else if (isOne) {
      floats[at] = weights[listStarts[node] ?? 0] ?? 0;
    } else {
      ints[at + 1] = listAt(listStarts[node]);
      ints[at + 3] = listAt(listEnds[node]);
    }
  }
  for (let score = 0, at = layout.lists / 4; score < scoreIds.length; score++, at += SCORE_BYTES / 4) {
    ints[at] = 4 * (scoreIds[score] ?? 0);
    floats[at + 1] = weights[score] ?? 0;
  }
  ensemble.roots.forEach((root, tree) => ints[layout.roots / 4 + tree] = NODES + NODE_BYTES * root);
}
