/** A validator of JSON Schema 2020-12, as editors have one: https://ajv.js.org (MIT). */
import { Ajv2020 } from "npm:ajv@8.20.0/dist/2020.js";

/** What is wrong with a value by a schema, a line each: "/config must have required property 'model'". */
export function schemaProblems(schema: Readonly<Record<string, unknown>>, value: unknown): string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
  // VS Code's own
  ajv.addKeyword("allowTrailingCommas");
  if (ajv.validate(schema, value)) return [];
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`.trim());
}
