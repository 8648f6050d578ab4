import { Command } from "../deps/commander.ts";
import type { Finish } from "./commands.ts";
import { examples } from "./options.ts";

/** `packflow schema`: the JSON Schema of packflow.jsonc, for editors and other tools. */
export function schemaCommand(finish: Finish) {
  return new Command("schema")
    .description("Print the JSON Schema of packflow.jsonc, for editors and other tools.")
    .addHelpText("after", examples("packflow schema > packflow.schema.json"))
    .action(async () => {
      const { manifestJsonSchema } = await import("../config/manifest.ts");
      finish({ ok: true, output: [JSON.stringify(manifestJsonSchema(), null, 2)] });
    });
}
