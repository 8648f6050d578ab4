import type { JsonObject } from "../base/json.ts";
import { Command } from "../deps/commander.ts";
import type { InspectedModel, Inspection, SignatureState } from "../project/inspect_project.ts";
import type { ModelSummary } from "../project/model_summary.ts";
import type { Finish } from "./commands.ts";
import { limitsOf, withLimitOptions } from "./limit_options.ts";
import { examples } from "./options.ts";
import type { Outcome } from "./report.ts";
import { fileTable, formatBytes, formatCount, printable } from "./text.ts";

/** `packflow inspect`: what a package or project holds, or what a model takes and gives. */
export function inspectCommand(finish: Finish) {
  const command = new Command("inspect")
    .description(
      "Show what a package or project holds: files, models, permissions, npm packages, signature; or what a model " +
        "takes and gives. Runs none of their code.",
    )
    .argument("<PATH>", "package, project folder or ONNX model")
    .option("--json", "print one JSON object");
  return withLimitOptions(command)
    .addHelpText(
      "after",
      examples(
        "packflow inspect my-model-0.1.0.tar.gz",
        "packflow inspect my-model/ --json",
        "packflow inspect model.onnx",
      ),
    )
    .action(async (path, options) => {
      if (/\.onnx$/i.test(path)) return finish(await inspectModel(path));
      const { inspectProject } = await import("../project/inspect_project.ts");
      const { modelAsJson, ...texts } = await import("../project/model_summary.ts");
      const inspection = await inspectProject(path, limitsOf(options));
      finish({
        ok: true,
        data: asJson(inspection, modelAsJson),
        output: describe(inspection, texts).map(printable),
      });
    });
}

async function inspectModel(path: string): Promise<Outcome> {
  const { summarizeModelFile, modelAsJson, missingWeights, ...texts } = await import(
    "../project/model_summary.ts"
  );
  const summary = await summarizeModelFile(path);
  return {
    ok: true,
    diagnostics: await missingWeights(path, summary),
    data: { kind: "model", ...modelAsJson(summary) },
    output: modelLines(summary, texts).map(printable),
  };
}

function asJson(inspection: Inspection, modelAsJson: (summary: ModelSummary) => JsonObject): JsonObject {
  const { contents: { archive, list, left }, models, permissions, dependencies, signature } = inspection;
  return {
    kind: archive === undefined ? "project" : "package",
    ...(archive ?? {}),
    name: list.name,
    version: list.version,
    digest: list.digest,
    files: list.files.map(({ path, size, mode, sha256 }) => ({ path, size, mode, sha256 })),
    ...(archive === undefined ? { left: left.map(({ path, reason }) => ({ path, reason })) } : {}),
    models: models.map(({ path, sha256, summary, problem }) => ({
      ...{ path, sha256 },
      ...(summary === undefined ? { problem: problem ?? "" } : modelAsJson(summary)),
    })),
    permissions: Object.fromEntries(
      Object.entries(permissions).map(([name, list = []]) => [name, [...list]]),
    ),
    dependencies: dependencies.map((dependency) => ({ ...dependency })),
    signature: { ...signature },
  };
}

type ModelTexts = Pick<
  typeof import("../project/model_summary.ts"),
  "valueText" | "countOperators" | "countParameters" | "expectedDevice" | "externalFiles" | "featuresText"
>;

/** Metadata may hold whole files; --json has all of it. */
const LONGEST_METADATA = 200;

function describe(inspection: Inspection, texts: ModelTexts): string[] {
  const { contents: { archive, list, left }, models, permissions, dependencies, signature } = inspection;
  const asked = Object.entries(permissions).filter(([, values = []]) => values.length > 0);
  return [
    `${list.name} ${list.version}`,
    list.digest,
    ...(archive === undefined
      ? ["a project: below is what its package would hold"]
      : [`${archive.format}, ${formatBytes(archive.size)}, sha256 ${archive.sha256}`]),
    signatureLine(signature),
    asked.length === 0
      ? "asks for no permission"
      : `asks for ${asked.map(([name, values = []]) => `${name}: ${values.join(", ")}`).join("; ")}`,
    "",
    ...fileTable(list.files),
    ...left.map(({ path, reason }) => `${"left out".padStart(10)}  ${path}: ${reason}`),
    ...models.flatMap((model) => ["", ...packedModel(model, texts)]),
    ...(dependencies.length === 0 ? [] : ["", "npm packages in the bundle"]),
    ...dependencies.map(({ name, version, license }) =>
      `  ${name} ${version}  ${license ?? "no licence said"}`
    ),
  ];
}

function signatureLine({ path, present, keyHint, problem }: SignatureState): string {
  if (!present) return "not signed, or its signature is kept elsewhere";
  if (problem !== undefined) return `beside it is a file that is no signature: ${path}`;
  const key = keyHint === undefined ? "" : ` by a key with the hint ${keyHint}`;
  return `signed${key}, it says: packflow verify --key PUB.pem tells whether that is true`;
}

function packedModel({ path, summary, problem = "" }: InspectedModel, texts: ModelTexts): string[] {
  if (summary === undefined) return [path, `  no ONNX model: ${problem}`];
  return [path, ...modelLines(summary, texts).map((line) => `  ${line}`)];
}

function modelLines({ size, graph, isTrees }: ModelSummary, texts: ModelTexts): string[] {
  const opsets = graph.opsets.map(({ domain, version }) =>
    `${domain === "" ? "ai.onnx" : domain} ${version}`
  );
  const producer = [graph.producerName, graph.producerVersion].filter((part) => part !== "").join(" ");
  const operators = Object.entries(texts.countOperators(graph)).map(([name, count]) =>
    `${name} ${formatCount(count)}`
  );
  const external = texts.externalFiles(graph);
  const parameters = texts.countParameters(graph);
  const features = texts.featuresText(graph);
  return [
    "inputs",
    ...graph.inputs.map((value) => `  ${texts.valueText(value)}`),
    "outputs",
    ...graph.outputs.map((value) => `  ${texts.valueText(value)}`),
    ...(features === undefined ? [] : [`features   ${cut(features)}`]),
    `device     ${DEVICE_TEXTS[texts.expectedDevice(isTrees)]}`,
    `size       ${formatBytes(size)}${parameters === 0 ? "" : `, ${formatCount(parameters)} parameters`}`,
    `opset      ${opsets.join(", ")}`,
    ...(producer === "" ? [] : [`producer   ${producer}`]),
    ...(operators.length === 0 ? [] : [`operators  ${operators.join(", ")}`]),
    ...(external.length === 0 ? [] : [`weights in ${external.join(", ")}`]),
    ...(graph.docString === "" ? [] : [`about      ${cut(graph.docString)}`]),
    ...Object.entries(graph.metadata).map(([key, value]) => `metadata   ${key}: ${cut(value)}`),
  ];
}

const DEVICE_TEXTS = {
  trees: "trees: Packflow's own kernel, without ONNX Runtime",
  wasm: "wasm: ONNX Runtime; native where the project has onnxruntime-node",
} as const;

function cut(text: string): string {
  return text.length > LONGEST_METADATA ? `${text.slice(0, LONGEST_METADATA - 1).toWellFormed()}…` : text;
}
