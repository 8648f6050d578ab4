import type { Content, Entry } from "../archive/entry.ts";
import { PackflowError } from "../base/errors.ts";
import { createSha256 } from "../host/digest.ts";
import { type GraphValue, type ModelGraph, readModelGraph } from "../onnx/model_graph.ts";
import { readModelSkeleton } from "../onnx/model_skeleton.ts";

/** What a bill of materials says of a model. */
export interface ModelFacts {
  /** In the package. */
  readonly path: string;
  readonly sha256: string;
  /** Inputs and outputs, such as "features: float32[batch, 30]"; undefined where the file could not be read. */
  readonly graph: { readonly inputs: readonly string[]; readonly outputs: readonly string[] } | undefined;
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}

/** Facts of the ONNX models among a package's files. However large a model is, little of it is held at once. */
export async function modelFacts(entries: readonly Entry[]): Promise<ModelFacts[]> {
  const facts: ModelFacts[] = [];
  for (const { path, content } of entries) {
    if (!path.toLowerCase().endsWith(".onnx")) continue;
    const graph = await readGraph(content);
    facts.push({
      path,
      sha256: await hashOf(content),
      graph: graph && { inputs: graph.inputs.map(formatOf), outputs: graph.outputs.map(formatOf) },
      properties: graph === undefined ? [] : propertiesOf(graph),
    });
  }
  return facts;
}

async function readGraph(content: Content): Promise<ModelGraph | undefined> {
  try {
    return readModelGraph(await readModelSkeleton(content.chunks()));
  } catch (error) {
    // A file of this name need not be a model; what runs it says what is wrong with it.
    if (error instanceof PackflowError && error.code === "model.invalid") return undefined;
    throw error;
  }
}

async function hashOf(content: Content): Promise<string> {
  const hash = createSha256();
  for await (const chunk of content.chunks()) hash.update(chunk);
  return hash.hex();
}

function formatOf({ name, type, dims }: GraphValue): string {
  const shape = dims === undefined ? "" : `[${dims.map((size) => size ?? "?").join(", ")}]`;
  return `${name}: ${type ?? "no tensor"}${shape}`;
}

function propertiesOf(graph: ModelGraph): { name: string; value: string }[] {
  const { irVersion, producerName, producerVersion, opsets, initializers } = graph;
  const producer = `${producerName} ${producerVersion}`.trim();
  const files = new Set(initializers.flatMap(({ external }) => external?.location ?? []));
  return [
    { name: "packflow:onnx:ir-version", value: String(irVersion) },
    ...opsets.map(({ domain, version }) => ({
      name: "packflow:onnx:opset",
      value: `${domain === "" ? "ai.onnx" : domain} ${version}`,
    })),
    ...(producer === "" ? [] : [{ name: "packflow:onnx:producer", value: producer }]),
    ...[...files].sort().map((value) => ({ name: "packflow:onnx:external-data", value })),
  ];
}
