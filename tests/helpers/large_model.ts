/** An ONNX model of any size. */

/**
 * Writes a model with one weight of so many bytes, all zero; its graph is one Identity. It is whole: whoever reads it
 * finds the graph at its beginning and must pass the weight by. On the disk it takes next to nothing.
 */
export async function writeLargeModel(path: string, bytes: number): Promise<void> {
  const head = Uint8Array.from(headOf(bytes));
  await Deno.writeFile(path, head, { createNew: true });
  await Deno.truncate(path, head.length + bytes);
}

/** The model up to its weight's first byte. Fields may come in any order, so the weight comes last. */
function headOf(bytes: number): number[] {
  const graph = [
    ...field(1, [...field(1, text("x")), ...field(2, text("y")), ...field(4, text("Identity"))]),
    ...field(2, text("large")),
    ...field(11, valueInfo("x")),
    ...field(12, valueInfo("y")),
  ];
  const tensor = [...number(1, bytes / 4), ...number(2, 1), ...field(8, text("weight"))];
  const weight = opened(9, bytes);
  const initializer = opened(5, tensor.length + weight.length + bytes);
  const graphBytes = graph.length + initializer.length + tensor.length + weight.length + bytes;
  return [
    ...number(1, 8),
    ...field(8, number(2, 17)),
    ...opened(7, graphBytes),
    ...graph,
    ...initializer,
    ...tensor,
    ...weight,
  ];
}

/** A tensor of one float32 that has this name. */
function valueInfo(name: string): number[] {
  const shape = field(1, number(1, 1));
  return [...field(1, text(name)), ...field(2, field(1, [...number(1, 1), ...field(2, shape)]))];
}

function text(value: string): number[] {
  return [...new TextEncoder().encode(value)];
}

function number(id: number, value: number): number[] {
  return [...varint(id * 8), ...varint(value)];
}

function field(id: number, content: readonly number[]): number[] {
  return [...opened(id, content.length), ...content];
}

function opened(id: number, length: number): number[] {
  return [...varint(id * 8 + 2), ...varint(length)];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value;; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push(128 + rest % 128);
  }
}
