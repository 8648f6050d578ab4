import { PackflowError } from "../base/errors.ts";
import { Command, Option } from "../deps/commander.ts";
import type { Finish } from "./commands.ts";
import { withIsolatedOptions } from "./device_options.ts";
import { examples } from "./options.ts";
import { names } from "./run_options.ts";
import { withTrustOptions } from "./trust_options.ts";

/** `packflow schema`: the JSON Schema of packflow.jsonc, or the columns of a project's answers. */
export function schemaCommand(finish: Finish) {
  const command = new Command("schema")
    .description(
      "Print the JSON Schema of packflow.jsonc, or with PROJECT and --format the columns of its answers.",
    )
    .argument("[PROJECT]", "project folder or package whose answers are meant")
    .addOption(
      new Option(
        "--format <FORMAT>",
        "the columns as Spark takes them: as DDL, or as the JSON of a StructType",
      )
        .choices(["spark", "spark-json"] as const),
    )
    .option("-i, --input <FILE>", "events to try the project with; its own when left out")
    .option("--keep <FIELDS>", "as packflow run has it", names)
    .option("--output-keys <KEYS>", "as packflow run has it", names);
  return withTrustOptions(withIsolatedOptions(command))
    .addHelpText("after", HELP)
    .action(async (path, { format, ...options }) => {
      if (path === undefined && format === undefined) return finish(await manifestSchema());
      if (path === undefined || format === undefined) throw incomplete();
      const [{ answerSchema }, { sparkDdl, sparkJson }] = await Promise.all([
        import("./answer_schema.ts"),
        import("../project/spark_schema.ts"),
      ]);
      const fields = await answerSchema(path, options);
      const text = format === "spark" ? sparkDdl(fields) : JSON.stringify(sparkJson(fields));
      finish({ ok: true, output: [text] });
    });
}

async function manifestSchema() {
  const { manifestJsonSchema } = await import("../config/manifest.ts");
  return { ok: true, output: [JSON.stringify(manifestJsonSchema(), null, 2)] };
}

function incomplete(): PackflowError {
  return new PackflowError(
    "usage.invalid",
    "Cannot print the columns of answers as PROJECT and --format must be given together",
  );
}

const HELP = examples(
  "packflow schema > packflow.schema.json",
  "packflow schema my-model --format spark",
  "packflow schema my-model-0.1.0.tar.gz --format spark --keep id",
) + `

A model tells the types of its outputs. Of a project with code they are those of its answers to events.ndjson or
golden.ndjson: numbers are DOUBLE, whatever they look like there. The column "error" is what --on-error emit of
packflow run writes in the place of an answer.`;
