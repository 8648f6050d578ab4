import { Command, Option } from "../deps/commander.ts";
import type { Finish } from "./commands.ts";
import { examples } from "./options.ts";

/** `packflow create`: makes a project from a template or a model, offline. */
export function createCommand(finish: Finish) {
  return new Command("create")
    .description("Make a project from a template, or from an ONNX model.")
    .argument("<NAME>", "name of the project and of its folder: letters, digits, - and _, a letter first")
    .addOption(
      new Option("-t, --template <NAME>", "what to start from").choices(["minimal", "onnx", "stateful"])
        .default(
          "minimal",
        ),
    )
    .addOption(
      new Option("--from <MODEL>", "make a project that serves this .onnx file").conflicts("template"),
    )
    .option("-f, --force", "add what is missing to an existing folder; edited files are never overwritten")
    .option("--no-input", "never ask questions")
    .option("--json", "print one JSON object")
    .addHelpText("after", EXAMPLES)
    .action(async (name, options) => {
      const { createProject } = await import("../project/create_project.ts");
      const { resolvePath } = await import("../host/path.ts");
      const created = await createProject({
        name,
        parent: resolvePath("."),
        ...(options.from === undefined ? { template: options.template } : { model: options.from }),
        force: options.force ?? false,
      });
      finish({
        ok: true,
        data: { path: created.folder, files: [...created.files], notes: [...created.notes] },
        notes: [
          `Created ${created.folder} (${created.files.length} files)`,
          ...created.notes,
          ...nextSteps(name),
        ],
      });
    });
}

const EXAMPLES = examples(
  "packflow create my-detector",
  "packflow create phishing --template onnx",
  "packflow create my-model --from model.onnx",
);

function nextSteps(name: string): string[] {
  const steps = [`cd ${name}`, "packflow validate", "packflow test", "packflow run < events.ndjson"];
  return ["", "Next:", ...steps.map((step) => `  ${step}`)];
}
