import type { Diagnostic } from "../base/diagnostic.ts";
import { PackflowError } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { openRandomReader, type RandomReader } from "../host/file_content.ts";
import { fileInfo, isNotFound } from "../host/files.ts";
import { dirname, joinPath } from "../host/path.ts";
import { externalPath } from "../onnx/external_data.ts";
import { type GraphValue, type ModelGraph, readModelGraph } from "../onnx/model_graph.ts";
import { type OpenModelBytes, readModelSkeleton } from "../onnx/model_skeleton.ts";
import { otherFormat } from "../onnx/other_format.ts";
import { readTreeEnsemble } from "../onnx/tree_ensemble.ts";
import { namedFeatures } from "./feature_names.ts";

/** What an ONNX file says of itself. */
export interface ModelSummary {
  /** In bytes. */
  readonly size: number;
  readonly graph: ModelGraph;
  /** Whether Packflow's own kernel for ensembles of trees can run it. */
  readonly isTrees: boolean;
}

/** A model's bytes in order, as often as they are asked for. */
export interface ModelContent {
  readonly size: number;
  chunks(): AsyncIterable<Uint8Array>;
}

const CHUNK = 256 * 1024;
/** A larger ensemble of trees is not read whole to see whether its operators are plain. */
const LARGEST_ENSEMBLE = 256 * 1024 * 1024;

/**
 * Reads what an ONNX file says of itself; its weights are passed over, so that its size costs no memory.
 *
 * @throws {PackflowError} model.not_found, model.invalid
 */
export async function summarizeModelFile(path: string): Promise<ModelSummary> {
  try {
    using reader = await openRandomReader(path);
    const chunksFrom = (position: number) => chunksOf(reader, position);
    const content = { size: reader.size, chunks: () => chunksFrom(0) };
    return await summarizeModel(content, { name: path, reopen: chunksFrom });
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
 * The same of a file that is read in order.
 *
 * @param content The file's bytes.
 * @param how.name What messages call the model.
 * @param how.reopen Opens the bytes from a later position on, where that is quicker than reading up to it.
 * @throws {PackflowError} model.invalid, and what the pieces throw
 */
export async function summarizeModel(
  content: ModelContent,
  { name, reopen }: { readonly name: string; readonly reopen?: OpenModelBytes },
): Promise<ModelSummary> {
  let graph: ModelGraph;
  try {
    graph = readCheckedGraph(await readModelSkeleton(content.chunks(), reopen));
  } catch (error) {
    throw explained(error, name, await headOf(content));
  }
  return { size: content.size, graph, isTrees: await isTreesModel(content, graph) };
}

/**
 * What the bytes of an ONNX file say.
 *
 * @param name What messages call the model.
 * @throws {PackflowError} model.invalid
 */
export function modelGraph(model: Uint8Array, name: string): ModelGraph {
  try {
    return readCheckedGraph(model);
  } catch (error) {
    throw explained(error, name, model);
  }
}

/** A warning for each file of weights that is not beside a model's file, or must not be followed there. */
export async function missingWeights(path: string, { graph }: ModelSummary): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const location of externalFiles(graph)) {
    const inside = externalPath(location);
    const file = inside === undefined ? undefined : joinPath(dirname(path), inside);
    if (file !== undefined && (await fileInfo(file))?.kind === "file") continue;
    const reason = file === undefined ? "it leads out of the model's folder" : "there is no such file";
    found.push({
      severity: "warning",
      code: file === undefined ? "model.outside_project" : "model.not_found",
      message: `Cannot find weights "${location}" of model "${path}" as they must be beside it: ${reason}`,
      file: path,
    });
  }
  return found;
}

/** A summary as `--json` prints it. */
export function modelAsJson({ size, graph, isTrees }: ModelSummary): JsonObject {
  const { producerName, producerVersion } = graph;
  const external = externalFiles(graph);
  return {
    size,
    device: expectedDevice(isTrees),
    inputs: graph.inputs.map(valueAsJson),
    outputs: graph.outputs.map(valueAsJson),
    irVersion: graph.irVersion,
    opsets: graph.opsets.map(({ domain, version }) => ({
      domain: domain === "" ? "ai.onnx" : domain,
      version,
    })),
    producer: [producerName, producerVersion].filter((part) => part !== "").join(" "),
    ...(graph.domain === "" ? {} : { domain: graph.domain }),
    ...(graph.docString === "" ? {} : { description: graph.docString }),
    operators: countOperators(graph),
    nodes: graph.nodes.length,
    parameters: countParameters(graph),
    featureNames: [...(namedFeatures(graph.metadata)?.names ?? [])],
    metadata: Object.fromEntries(Object.entries(graph.metadata)),
    ...(external.length === 0 ? {} : { externalData: external }),
  };
}

/** What runs a model where nothing else is asked for and nothing more is installed. */
export function expectedDevice(isTrees: boolean): "trees" | "wasm" {
  return isTrees ? "trees" : "wasm";
}

/** The names that the metadata gives the features; undefined where there are none. */
export function featuresText({ metadata }: ModelGraph): string | undefined {
  return namedFeatures(metadata)?.names.join(", ");
}

/** The files that hold weights of a model, sorted. */
export function externalFiles({ initializers }: ModelGraph): string[] {
  return [...new Set(initializers.flatMap(({ external }) => external?.location ?? []))].sort();
}

/** How many numbers a model's weights are; those of trees and of graphs within the graph are not counted. */
export function countParameters({ initializers }: ModelGraph): number {
  return initializers.reduce((sum, { dims }) => sum + dims.reduce((all, size) => all * size, 1), 0);
}

/** An input or output as people read it: "x  float32 [N, 2]". */
export function valueText({ name, type, dims, other = "not a tensor" }: GraphValue): string {
  if (type === undefined) return `${name}  ${other}`;
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

function valueAsJson({ name, type, dims, other }: GraphValue): JsonObject {
  return {
    name,
    type: type ?? null,
    ...(other === undefined ? {} : { kind: other }),
    ...(dims === undefined ? {} : { shape: [...dims] }),
  };
}

/** The skeleton lacks long lists, which a large ensemble of trees is made of: that one is read whole. */
async function isTreesModel({ size, chunks }: ModelContent, graph: ModelGraph): Promise<boolean> {
  if (!graph.nodes.some(({ opType }) => opType.startsWith("TreeEnsemble"))) return false;
  if (readTreeEnsemble(graph) !== undefined) return true;
  if (size > LARGEST_ENSEMBLE) return false;
  const bytes = new Uint8Array(size);
  let at = 0;
  for await (const chunk of chunks()) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return readTreeEnsemble(readModelGraph(bytes)) !== undefined;
}

async function headOf({ chunks }: ModelContent): Promise<Uint8Array> {
  for await (const chunk of chunks()) if (chunk.length > 0) return chunk;
  return new Uint8Array();
}

/** The readers know no name: "Cannot read model as ..." gets it, and what the file is if it is known. */
function explained(error: unknown, name: string, head: Uint8Array): unknown {
  if (!(error instanceof PackflowError) || error.code !== "model.invalid") return error;
  const other = otherFormat(head);
  const reason = other === undefined
    ? error.message.replace(/^Cannot read model as /, "")
    : `it must be an ONNX model: it is ${other}`;
  return new PackflowError("model.invalid", `Cannot read model "${name}" as ${reason}`, { cause: error });
}

/** Almost any bytes are some protocol-buffer message; a model has a version and does something. */
function readCheckedGraph(model: Uint8Array): ModelGraph {
  const graph = readModelGraph(model);
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
