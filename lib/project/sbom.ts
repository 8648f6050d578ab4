import { comparePaths } from "../archive/entry.ts";
import type { JsonObject } from "../base/json.ts";
import { VERSION } from "../base/version.ts";
import type { Manifest } from "../config/manifest.ts";
import { ORT_WEB_VERSION } from "../deps/ort_web_folder.ts";
import type { BundledPackage, BundleFacts } from "../loader/portable_bundle.ts";
import type { ModelFacts } from "./model_facts.ts";

/** What a bill of materials is made of. */
export interface SbomParts {
  readonly manifest: Manifest;
  /** What the backend's bundle holds; undefined where the project has no code of its own. */
  readonly bundle: BundleFacts | undefined;
  readonly models: readonly ModelFacts[];
}

const SDK_REF = `pkg:generic/packflow@${VERSION}`;
const ORT_REF = `pkg:npm/onnxruntime-web@${ORT_WEB_VERSION}`;

/**
 * A bill of materials in the form of CycloneDX 1.6: the project, the npm packages in its bundle, its models, and what
 * must be there to run it. Equal parts give equal text: it has no time and no serial number.
 */
export function makeSbom({ manifest, bundle, models }: SbomParts): string {
  const project = projectComponent(manifest);
  const packages = (bundle?.packages ?? []).map(packageComponent);
  const runsModels = models.length > 0;
  const runtime = [sdkComponent(), ...(runsModels ? [ortComponent()] : [])];
  const components = [...packages, ...models.map(modelComponent), ...runtime]
    .sort((a, b) => comparePaths(a["bom-ref"], b["bom-ref"]));
  const needs = [
    ...(bundle?.imports ?? []).map(purlOfId),
    ...models.map(modelRef),
    ...runtime.map((component) => component["bom-ref"]),
  ];
  const edges = new Map<string, string[]>([
    [project["bom-ref"], needs],
    ...components.map((component): [string, string[]] => [component["bom-ref"], []]),
    ...(bundle?.packages ?? []).map((each): [string, string[]] => [purlOf(each), each.imports.map(purlOfId)]),
    ...models.map((model): [string, string[]] => [modelRef(model), [ORT_REF]]),
  ]);
  const sbom = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      tools: { components: [{ type: "application", name: "packflow", version: VERSION }] },
      component: project,
    },
    components,
    dependencies: [...edges].map(([ref, dependsOn]) => ({
      ref,
      dependsOn: [...new Set(dependsOn)].sort(comparePaths),
    }))
      .sort((a, b) => comparePaths(a.ref, b.ref)),
  };
  return `${JSON.stringify(sbom, null, 2)}\n`;
}

type Component = JsonObject & { readonly "bom-ref": string };

function projectComponent({ name, version, description, maintainers, license }: Manifest): Component {
  return {
    type: "application",
    "bom-ref": `pkg:generic/${name}@${encodeURIComponent(version)}`,
    name,
    version,
    ...(description === "" ? {} : { description }),
    ...(maintainers.length === 0 ? {} : { authors: maintainers.map((maintainer) => ({ name: maintainer })) }),
    ...licensesOf(license),
  };
}

function packageComponent(bundled: BundledPackage): Component {
  const [first = "", second] = bundled.name.split("/");
  const hashes = hashesOf(bundled.integrity);
  return {
    type: "library",
    "bom-ref": purlOf(bundled),
    ...(second === undefined ? { name: first } : { group: first, name: second }),
    version: bundled.version,
    scope: "required",
    ...(hashes.length === 0 ? {} : { hashes }),
    ...licensesOf(bundled.license),
    purl: purlOf(bundled),
    properties: [
      { name: "packflow:bundled:files", value: String(bundled.files) },
      { name: "packflow:bundled:sha256", value: bundled.sha256 },
    ],
  };
}

function modelComponent(model: ModelFacts): Component {
  const parameters = model.graph === undefined ? undefined : {
    inputs: model.graph.inputs.map((format) => ({ format })),
    outputs: model.graph.outputs.map((format) => ({ format })),
  };
  return {
    type: "machine-learning-model",
    "bom-ref": modelRef(model),
    name: model.path,
    scope: "required",
    hashes: [{ alg: "SHA-256", content: model.sha256 }],
    ...(parameters === undefined ? {} : { modelCard: { modelParameters: parameters } }),
    properties: [
      ...model.properties,
      ...(model.graph === undefined
        ? [{ name: "packflow:onnx:unread", value: "no ONNX file, or too large a graph" }]
        : []),
    ],
  };
}

function sdkComponent(): Component {
  return {
    type: "framework",
    "bom-ref": SDK_REF,
    name: "packflow",
    version: VERSION,
    scope: "required",
    licenses: [{ expression: "Apache-2.0" }],
    properties: NOT_INCLUDED,
  };
}

function ortComponent(): Component {
  return {
    type: "framework",
    "bom-ref": ORT_REF,
    name: "onnxruntime-web",
    version: ORT_WEB_VERSION,
    scope: "required",
    licenses: [{ expression: "MIT" }],
    purl: ORT_REF,
    properties: NOT_INCLUDED,
  };
}

/** What the program that runs the package brings. */
const NOT_INCLUDED = [{ name: "packflow:provided-by", value: "packflow" }];

function modelRef({ path }: ModelFacts): string {
  return `model:${path}`;
}

function purlOf({ name, version }: { name: string; version: string }): string {
  return `pkg:npm/${name.split("/").map(encodeURIComponent).join("/")}@${encodeURIComponent(version)}`;
}

function purlOfId(id: string): string {
  const at = id.lastIndexOf("@");
  return purlOf({ name: id.slice(0, at), version: id.slice(at + 1) });
}

/** An SPDX expression as such; any other text, such as "SEE LICENSE IN x", as the name of a licence. */
function licensesOf(license: string | undefined): JsonObject {
  if (license === undefined || license === "") return {};
  const id = "[A-Za-z0-9.-]+\\+?";
  const isExpression = new RegExp(`^\\(*${id}\\)*(?: (?:AND|OR|WITH) \\(*${id}\\)*)*$`).test(license);
  return {
    licenses: isExpression && license !== "UNLICENSED"
      ? [{ expression: license }]
      : [{ license: { name: license } }],
  };
}

const ALGORITHMS: Readonly<Record<string, string>> = {
  sha1: "SHA-1",
  sha256: "SHA-256",
  sha384: "SHA-384",
  sha512: "SHA-512",
};

/** The hashes of a lock file, such as "sha512-…" in base 64, several of them with spaces between. */
function hashesOf(integrity: string | undefined): { alg: string; content: string }[] {
  return (integrity ?? "").split(/\s+/).flatMap((hash) => {
    const [, name = "", base64 = ""] = /^(sha\d+)-([A-Za-z0-9+/]+=*)$/.exec(hash) ?? [];
    const alg = ALGORITHMS[name];
    if (alg === undefined) return [];
    const bytes = Array.from(atob(base64), (char) => char.charCodeAt(0).toString(16).padStart(2, "0"));
    return [{ alg, content: bytes.join("") }];
  });
}
