import { PackflowError } from "../base/errors.ts";
import { ProtobufReader } from "./protobuf_reader.ts";

/** Weights that lie in a file beside the model's. */
export interface ExternalData {
  /** As the model names it: relative to the model's folder, forward slashes, without "./". */
  readonly path: string;
  readonly data: Uint8Array;
}

/** Graphs within graphs beyond this depth are no model's: ONNX Runtime refuses them too. */
const DEEPEST_GRAPH = 32;

/**
 * The files that a model says its weights are in, each once, as it names them. Weights of graphs within the graph
 * count too. Bytes that are no model name none: whoever opens them says what they are.
 *
 * @param model The bytes of the ONNX file.
 */
export function externalLocations(model: Uint8Array): string[] {
  const found = new Set<string>();
  try {
    const reader = new ProtobufReader(model);
    for (let field = reader.field(); field !== undefined; field = reader.field()) {
      if (field === 7) readGraph(reader.message(), found, 0);
      else reader.skip();
    }
  } catch (error) {
    if (!(error instanceof PackflowError)) throw error;
    return [];
  }
  return [...found];
}

/**
 * The path of a file of weights as it is read and as ONNX Runtime asks for it: relative to the model's folder, no
 * "./", no way up.
 *
 * @returns undefined for a path that must not be followed: one that is absolute or leads up.
 */
export function externalPath(location: string): string | undefined {
  const path = location.replace(/^(?:\.\/)+/, "");
  const isOutside = path === "" || /^[/\\]|^[A-Za-z]:|\0/.test(path) || path.split(/[/\\]/).includes("..");
  return isOutside ? undefined : path;
}

function readGraph(reader: ProtobufReader, found: Set<string>, depth: number): void {
  if (depth > DEEPEST_GRAPH) return;
  for (let field = reader.field(); field !== undefined; field = reader.field()) {
    if (field === 1) readNode(reader.message(), found, depth);
    else if (field === 5) readTensor(reader.message(), found);
    else reader.skip();
  }
}

function readNode(reader: ProtobufReader, found: Set<string>, depth: number): void {
  for (let field = reader.field(); field !== undefined; field = reader.field()) {
    // Attributes come after the operator's name. Those of trees are millions of numbers and hold no tensors.
    if (field === 4 && reader.text().startsWith("TreeEnsemble")) return;
    if (field === 5) readAttribute(reader.message(), found, depth);
    else if (field !== 4) reader.skip();
  }
}

function readAttribute(reader: ProtobufReader, found: Set<string>, depth: number): void {
  for (let field = reader.field(); field !== undefined; field = reader.field()) {
    if (field === 5 || field === 10) readTensor(reader.message(), found);
    else if (field === 6 || field === 11) readGraph(reader.message(), found, depth + 1);
    else reader.skip();
  }
}

function readTensor(reader: ProtobufReader, found: Set<string>): void {
  let location: string | undefined;
  let isExternal = false;
  for (let field = reader.field(); field !== undefined; field = reader.field()) {
    if (field === 13) location = readLocation(reader.message()) ?? location;
    else if (field === 14) isExternal = reader.varint() === 1;
    else reader.skip();
  }
  if (isExternal && location !== undefined) found.add(location);
}

function readLocation(reader: ProtobufReader): string | undefined {
  let key = "";
  let value = "";
  for (let field = reader.field(); field !== undefined; field = reader.field()) {
    if (field === 1) key = reader.text();
    else if (field === 2) value = reader.text();
    else reader.skip();
  }
  return key === "location" ? value : undefined;
}
