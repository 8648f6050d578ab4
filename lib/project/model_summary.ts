import { PackflowError } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { openRandomReader, type RandomReader } from "../host/file_content.ts";
import { isNotFound } from "../host/files.ts";
import { type GraphValue, type ModelGraph, readModelGraph } from "../onnx/model_graph.ts";
import { readModelSkeleton } from "../onnx/model_skeleton.ts";

/** What an ONNX file says of itself. */
export interface ModelSummary {
  /** In bytes. */
  readonly size: number;
  readonly graph: ModelGraph;
}

const CHUNK = 256 * 1024;

/**
 * Reads what an ONNX file says of itself; its weights are passed over, so that its size costs no memory.
 *
 * @throws {PackflowError} model.not_found, model.invalid
 */
export async function summarizeModelFile(path: string): Promise<ModelSummary> {
  try {
    using reader = await openRandomReader(path);
    const chunksFrom = (position: number) => chunksOf(reader, position);
    const skeleton = await readModelSkeleton(chunksFrom(0), chunksFrom);
    return { size: reader.size, graph: checkedGraph(skeleton) };
  } catch (cause) {
    if (cause instanceof PackflowError) throw cause.at({ file: path });
    const reason = isNotFound(cause) ? "there is no such file" : fileErrorReason(cause);
    throw new PackflowError("model.not_found", `Cannot read model "${path}": ${reason}`, {
      cause,
      place: { file: path },
    });
  }
}

/**
 * The same of a file whose bytes come once, in order.
 *
 * @throws {PackflowError} model.invalid, and what the pieces throw
 */
export async function summarizeModel(
  file: { readonly size: number; readonly chunks: AsyncIterable<Uint8Array> },
): Promise<ModelSummary> {
  return { size: file.size, graph: checkedGraph(await readModelSkeleton(file.chunks)) };
}

/** A summary as `--json` prints it. */
export function modelAsJson({ size, graph }: ModelSummary): JsonObject {
  const { initializers, producerName, producerVersion } = graph;
  const external = [...new Set(initializers.flatMap(({ external }) => external?.location ?? []))].sort();
  return {
    size,
    inputs: graph.inputs.map(valueAsJson),
    outputs: graph.outputs.map(valueAsJson),
    irVersion: graph.irVersion,
    opsets: graph.opsets.map(({ domain, version }) => ({
      domain: domain === "" ? "ai.onnx" : domain,
      version,
    })),
    producer: [producerName, producerVersion].filter((part) => part !== "").join(" "),
    ...(graph.docString === "" ? {} : { description: graph.docString }),
    operators: countOperators(graph),
    nodes: graph.nodes.length,
    parameters: initializers.reduce((sum, { dims }) => sum + dims.reduce((all, size) => all * size, 1), 0),
    metadata: Object.fromEntries(Object.entries(graph.metadata)),
    ...(external.length === 0 ? {} : { externalData: external }),
  };
}

/** An input or output as people read it: "x  float32 [N, 2]". */
export function valueText({ name, type, dims }: GraphValue): string {
  if (type === undefined) return `${name}  not a tensor`;
  return dims === undefined
    ? `${name}  ${type}`
    : `${name}  ${type} [${dims.map((size) => size ?? "?").join(", ")}]`;
}

/** How often each operator is used, those of other sets than the standard one with their set's name. */
export function countOperators({ nodes }: ModelGraph): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { domain, opType } of nodes) {
    const name = domain === "" || domain === "ai.onnx" ? opType : `${domain}.${opType}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => a < b ? -1 : 1));
}

function valueAsJson({ name, type, dims }: GraphValue): JsonObject {
  return { name, type: type ?? null, ...(dims === undefined ? {} : { shape: [...dims] }) };
}

/** Almost any bytes are some protocol-buffer message; a model has a version and does something. */
function checkedGraph(skeleton: Uint8Array): ModelGraph {
  const graph = readModelGraph(skeleton);
  if (graph.irVersion > 0 && graph.outputs.length > 0) return graph;
  throw new PackflowError(
    "model.invalid",
    "Cannot read model as it must have a version and outputs: it has none",
  );
}

async function* chunksOf(
  reader: RandomReader,
  position: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = position; at < reader.size; at += CHUNK) yield await reader.read(at, CHUNK);
}
