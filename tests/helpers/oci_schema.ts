/** The OCI image specification's own JSON schemas, and ajv (https://ajv.js.org, MIT) to validate with. */
import assert from "node:assert/strict";
import { join } from "node:path";
import AjvDraft04 from "npm:ajv-draft-04@1.0.0";

const FOLDER = join(import.meta.dirname ?? "", "..", "fixtures", "oci");
const SCHEMAS = {
  layout: "image-layout-schema.json",
  index: "image-index-schema.json",
  manifest: "image-manifest-schema.json",
} as const;

/** Asserts that a document is what the specification's schema describes. */
export async function assertOci(kind: keyof typeof SCHEMAS, document: unknown): Promise<void> {
  const problems = await ociProblems(kind, document);
  assert.deepEqual(problems, [], `${kind}: ${JSON.stringify(document)}`);
}

/** What the specification's schema finds wrong with a document. */
export async function ociProblems(kind: keyof typeof SCHEMAS, document: unknown): Promise<string[]> {
  const ajv = new AjvDraft04.default({ strict: false, allErrors: true, validateFormats: false });
  for await (const { name } of Deno.readDir(FOLDER)) {
    if (!name.endsWith(".json")) continue;
    const schema = withoutIds(JSON.parse(await Deno.readTextFile(join(FOLDER, name))));
    // The layout's schema names its draft with https.
    ajv.addSchema({ ...Object(schema), $schema: "http://json-schema.org/draft-04/schema#" }, name);
  }
  ajv.validate(SCHEMAS[kind], document);
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** The schemas name each other by file, so the addresses they give themselves would only lead away. */
function withoutIds(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutIds);
  if (typeof schema !== "object" || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key, value]) => key !== "id" || typeof value !== "string");
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutIds(value)]));
}
