/** The official JSON schema of CycloneDX 1.6, as the project's own library has it, and ajv to validate with. */
import { Ajv, type AnySchemaObject } from "npm:ajv@8.20.0";
import formats from "npm:ajv-formats@3.0.1";
// its package.json, so that the schemas beside it are found
import "npm:@cyclonedx/cyclonedx-library@10.3.0/package.json" with { type: "json" };

const PACKAGE = import.meta.resolve("npm:@cyclonedx/cyclonedx-library@10.3.0/package.json");

/** What the schema finds wrong with a bill of materials; empty where it accepts it. */
export async function cyclonedxProblems(sbom: unknown): Promise<string[]> {
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  // formats of JSON Schema that ajv-formats lacks, for texts in the writer's own language
  for (const name of ["idn-email", "iri-reference"]) ajv.addFormat(name, true);
  for (const name of ["spdx", "jsf-0.82", "cryptography-defs"]) {
    // by the name that the main schema asks for
    ajv.addSchema(await readSchema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  }
  const validate = ajv.compile(await readSchema("bom-1.6"));
  if (validate(sbom)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

async function readSchema(name: string): Promise<AnySchemaObject> {
  return JSON.parse(await Deno.readTextFile(new URL(`res/schema/${name}.SNAPSHOT.schema.json`, PACKAGE)));
}
