/** The OpenAPI specification's own schemas (https://github.com/seriousme/openapi-schema-validator, MIT), and ajv. */
import { Validator } from "npm:@seriousme/openapi-schema-validator@2.11.0";
import { Ajv2020 } from "npm:ajv@8.20.0/dist/2020.js";

/** What the specification's schema finds wrong with a description; empty where it accepts it. */
export async function openApiProblems(description: Record<string, unknown>): Promise<string[]> {
  const { valid, errors = [] } = await new Validator().validate(structuredClone(description));
  if (valid) return [];
  return typeof errors === "string" ? [errors] : errors.map((error) => JSON.stringify(error));
}

/** What the schema at a place of a description, such as "/components/schemas/Error", finds wrong with a value. */
export function schemaProblems(description: object, place: string, value: unknown): string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(description, "openapi.json");
  const validate = ajv.getSchema(`openapi.json#${place}`);
  if (validate === undefined) return [`there is nothing at ${place}`];
  if (validate(value) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
