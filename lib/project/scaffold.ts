import { PackflowError } from "../base/errors.ts";
import type { JsonValue } from "../base/json.ts";
import { manifestJsonSchema } from "../config/manifest.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { fileInfo, readFile } from "../host/files.ts";
import { basename } from "../host/path.ts";
import { openSession } from "../onnx/open_session.ts";
import type { NonTensorInfo, TensorInfo } from "../onnx/session.ts";
import { GOLDEN_FILE } from "./golden_events.ts";
import { sampleEvents } from "./sample_events.ts";
import { type FileTree, readTemplate, type TemplateFolder } from "./templates.ts";

/** Where a project keeps what only editors and `deno test` need; it stays out of packages. */
const TOOLS_FOLDER = ".packflow";
const MODEL_FILE = "model.onnx";

/** The files of a new project made from a template. */
export async function scaffoldTemplate(name: string, template: TemplateFolder): Promise<FileTree> {
  return withTools(await readTemplate(template, { name }));
}

/**
 * The files of a new project that serves a model. Its golden events have no answers yet: the project itself gives them.
 *
 * @throws {PackflowError} `model.not_found`, `model.invalid`, `create.unsupported_model`, `model.non_tensor_output`.
 */
export async function scaffoldModel(name: string, modelPath: string): Promise<FileTree> {
  const bytes = await readModel(modelPath);
  const session = await openSession(bytes, { name: modelPath });
  const { inputs, outputs } = session;
  await session.dispose();
  const { config, events } = sampleEvents({ inputs, outputs }, modelPath);
  const files = await readTemplate("from_model", {
    name,
    config: indented({ model: MODEL_FILE, ...config }),
    model: basename(modelPath).replaceAll("`", "'"),
    inputs: describe(inputs),
    outputs: describe(outputs),
  });
  const encoder = new TextEncoder();
  const lines = (values: readonly JsonValue[]) =>
    encoder.encode(values.map((value) => `${JSON.stringify(value)}\n`).join(""));
  files.set(MODEL_FILE, bytes);
  files.set("events.ndjson", lines(events));
  files.set(GOLDEN_FILE, lines(events.map((input) => ({ input }))));
  return withTools(files);
}

async function readModel(path: string): Promise<Uint8Array> {
  try {
    if ((await fileInfo(path))?.kind === "directory") throw new Error("It is a folder");
    return await readFile(path);
  } catch (cause) {
    const reason = fileErrorReason(cause);
    const message = `Cannot open model "${path}" as it must be a readable file: ${reason}`;
    throw new PackflowError("model.not_found", message, {
      cause,
      place: { file: path },
      remedy: "Name an .onnx file; a relative path starts at the current folder",
    });
  }
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

function describe(values: readonly (TensorInfo | NonTensorInfo)[]): string {
  return values.map((value) => {
    const shape = value.type === null ? "" : `, [${value.shape.map((size) => size ?? "?").join(", ")}]`;
    return `- \`${value.name.replaceAll("`", "'")}\`: ${value.type ?? "no tensor"}${shape}`;
  }).join("\n");
}
