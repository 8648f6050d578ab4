import { PackflowError } from "../base/errors.ts";
import type { JsonValue } from "../base/json.ts";
import { manifestJsonSchema } from "../config/manifest.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { fileInfo, fileSize, readFile } from "../host/files.ts";
import { basename, dirname, joinPath, resolvePath } from "../host/path.ts";
import { externalLocations, externalPath } from "../onnx/external_data.ts";
import type { GraphValue, ModelGraph } from "../onnx/model_graph.ts";
import { GOLDEN_FILE } from "./golden_events.ts";
import { modelGraph } from "./model_summary.ts";
import { sampleEvents } from "./sample_events.ts";
import { type FileTree, readTemplate, type TemplateFolder } from "./templates.ts";

/** Where a project keeps what only editors and `deno test` need; it stays out of packages. */
const TOOLS_FOLDER = ".packflow";
const MODEL_FILE = "model.onnx";
/** An ONNX file is one protocol-buffer message, and no reader of those takes more. */
const TOO_LARGE_FILE = 2 ** 31;

/** A new project that serves a model. */
export interface ModelScaffold {
  readonly files: FileTree;
  /** Files to be copied as they are, by their path in the project: weights may be larger than memory. */
  readonly copies: ReadonlyMap<string, string>;
  /** What the user should know, a sentence each. */
  readonly notes: readonly string[];
}

/** The files of a new project made from a template. */
export async function scaffoldTemplate(name: string, template: TemplateFolder): Promise<FileTree> {
  return withTools(await readTemplate(template, { name }));
}

/**
 * The files of a new project that serves a model, made from what the model says of itself: it is not run here. Its
 * golden events have no answers yet: the project itself gives them.
 *
 * @throws {PackflowError} `model.not_found`, `model.invalid`, `model.outside_project`, `create.unsupported_model`,
 * `model.non_tensor_input`, `model.non_tensor_output`, `model.too_large`.
 */
export async function scaffoldModel(name: string, modelPath: string): Promise<ModelScaffold> {
  const bytes = await readModel(modelPath);
  const graph = modelGraph(bytes, modelPath);
  const { config, events, notes } = sampleEvents(graph, modelPath);
  const files = await readTemplate("from_model", {
    name,
    config: indented({ model: MODEL_FILE, ...config }),
    description: JSON.stringify(descriptionOf(graph)),
    model: basename(modelPath).replaceAll("`", "'"),
    inputs: describe(graph.inputs),
    outputs: describe(graph.outputs),
  });
  const encoder = new TextEncoder();
  const lines = (values: readonly JsonValue[]) =>
    encoder.encode(values.map((value) => `${JSON.stringify(value)}\n`).join(""));
  files.set(MODEL_FILE, bytes);
  files.set("events.ndjson", lines(events));
  files.set(GOLDEN_FILE, lines(events.map((input) => ({ input }))));
  await withTools(files);
  return { files, copies: await weightFiles(bytes, modelPath, files), notes };
}

/** The files beside a model that hold its weights, which the project needs under the same names. */
async function weightFiles(model: Uint8Array, modelPath: string, files: FileTree) {
  const copies = new Map<string, string>();
  for (const location of externalLocations(model)) {
    const path = externalPath(location);
    const title = `weights "${location}" of model "${modelPath}"`;
    if (path === undefined) {
      const message = `Cannot copy ${title} as they must be in the model's folder: they are elsewhere`;
      throw new PackflowError("model.outside_project", message, { place: { file: modelPath } });
    }
    const taken = [...files.keys()].some((each) => each.toLowerCase() === path.toLowerCase());
    if (taken || path.startsWith(`${TOOLS_FOLDER}/`)) {
      const message = `Cannot copy ${title} as a project has a file of that name for itself`;
      throw new PackflowError("create.unsupported_model", message, { place: { file: modelPath } });
    }
    const source = joinPath(dirname(resolvePath(modelPath)), path);
    const kind = (await fileInfo(source))?.kind;
    if (kind !== "file") {
      // A link may lead to any file of the user's, which would then be packed.
      const reason = kind === undefined ? "there is no such file" : `it is a ${kind}`;
      const message = `Cannot copy ${title} as they must be a file beside the model: ${reason}`;
      throw new PackflowError("model.not_found", message, { place: { file: source } });
    }
    copies.set(path, source);
  }
  return copies;
}

/** The first sentence or line of the model's own words. */
function descriptionOf({ docString }: Pick<ModelGraph, "docString">): string {
  const [line = ""] = docString.trim().split(/\r?\n/);
  const text = line.replace(/\p{Cc}/gu, " ").trim();
  return text.length > 200 ? `${text.slice(0, 199).toWellFormed()}…` : text;
}

async function readModel(path: string): Promise<Uint8Array> {
  try {
    if ((await fileInfo(path))?.kind === "directory") throw new Error("It is a folder");
    const size = await fileSize(path);
    if (size >= TOO_LARGE_FILE) throw tooLarge(path, size);
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof PackflowError) throw cause;
    const reason = fileErrorReason(cause);
    const message = `Cannot open model "${path}" as it must be a readable file: ${reason}`;
    throw new PackflowError("model.not_found", message, {
      cause,
      place: { file: path },
      remedy: "Name an .onnx file; a relative path starts at the current folder",
    });
  }
}

function tooLarge(path: string, size: number): PackflowError {
  const has = `${(size / 2 ** 30).toFixed(2)} GiB`;
  const message = `Cannot open model "${path}" as an ONNX file must be smaller than 2 GiB: it has ${has}`;
  return new PackflowError("model.too_large", message, {
    place: { file: path },
    remedy: "Save it with its weights in another file: onnx.save(model, path, save_as_external_data=True)",
  });
}

/** Adds the schema of the manifest and, for TypeScript, the SDK, so that editors and `deno test` need no network. */
async function withTools(files: FileTree): Promise<FileTree> {
  const schema = `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`;
  files.set(`${TOOLS_FOLDER}/packflow.schema.json`, new TextEncoder().encode(schema));
  if (![...files.keys()].some((path) => path.endsWith(".ts"))) return files;
  for (const [path, data] of await readTemplate("sdk")) files.set(`${TOOLS_FOLDER}/${path}`, data);
  return files;
}

/** JSON as it stands in the manifest, two spaces in. */
function indented(value: JsonValue): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", "\n  ");
}

function describe(values: readonly GraphValue[]): string {
  return values.map(({ name, type = "no tensor", dims }) => {
    const shape = dims === undefined ? "" : `, [${dims.map((size) => size ?? "?").join(", ")}]`;
    return `- \`${plain(name)}\`: ${type}${plain(shape)}`;
  }).join("\n");
}

/** A name from a model where Markdown and lines are not to take notice of it. */
function plain(text: string): string {
  return text.replaceAll("`", "'").replace(/\p{Cc}/gu, " ");
}
