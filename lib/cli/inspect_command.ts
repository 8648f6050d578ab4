import type { JsonValue } from "../base/json.ts";
import { Command } from "../deps/commander.ts";
import type { NonTensorInfo, Session, TensorInfo } from "../onnx/session.ts";
import type { Finish } from "./commands.ts";
import { examples } from "./options.ts";
import type { Outcome } from "./report.ts";
import { fileTable } from "./text.ts";

/** `packflow inspect`: what a package holds, or what a model takes and gives. */
export function inspectCommand(finish: Finish) {
  return new Command("inspect")
    .description("Show what a package holds, or what a model takes and gives. Runs none of a package's code.")
    .argument("<FILE>", "package or ONNX model")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      examples("packflow inspect my-model-0.1.0.tar.gz", "packflow inspect model.onnx --json"),
    )
    .action(async (path) => {
      finish(/\.onnx$/i.test(path) ? await inspectModel(path) : await inspectPackage(path));
    });
}

async function inspectPackage(path: string): Promise<Outcome> {
  const { readPackage } = await import("../project/open_package.ts");
  const { name, version, digest, files } = (await readPackage(path)).manifest;
  return {
    ok: true,
    data: {
      kind: "package",
      name,
      version,
      digest,
      files: files.map(({ path, size, sha256 }) => ({ path, size, sha256 })),
    },
    output: [`${name} ${version}`, digest, "", ...fileTable(files)],
  };
}

async function inspectModel(path: string): Promise<Outcome> {
  const { openModelFile } = await import("../backend/open_model_file.ts");
  const session = await openModelFile(path);
  try {
    return {
      ok: true,
      data: {
        kind: "model",
        inputs: session.inputs.map(infoAsJson),
        outputs: session.outputs.map(infoAsJson),
      },
      output: describe(session),
    };
  } finally {
    await session.dispose();
  }
}

function describe(session: Session): string[] {
  const lines = (infos: Session["inputs"]) =>
    infos.map((info) =>
      `  ${info.name}  ${info.type === null ? "not a tensor" : `${info.type} ${shapeText(info)}`}`
    );
  return ["inputs", ...lines(session.inputs), "outputs", ...lines(session.outputs)];
}

function shapeText(info: TensorInfo): string {
  return `[${info.shape.map((size) => size ?? "?").join(", ")}]`;
}

function infoAsJson(info: TensorInfo | NonTensorInfo): JsonValue {
  return info.type === null
    ? { name: info.name, type: null }
    : { name: info.name, type: info.type, shape: [...info.shape] };
}
