import { Command, Option } from "../deps/commander.ts";
import type { CreatedProject } from "../project/create_project.ts";
import { TEMPLATE_NAMES, TEMPLATES } from "../project/templates.ts";
import type { Finish } from "./commands.ts";
import type { CreateAnswers } from "./create_questions.ts";
import { examples } from "./options.ts";
import type { Outcome } from "./report.ts";

/** `packflow create`: makes a project from a template or a model, offline. */
export function createCommand(finish: Finish) {
  return new Command("create")
    .description("Make a project from a template, or from an ONNX model.")
    .argument("[NAME]", "name of the project and of its folder: letters, digits, - and _, a letter first")
    .addOption(
      new Option("-t, --template <NAME>", "what to start from")
        .choices(TEMPLATE_NAMES).default("minimal"),
    )
    .addOption(
      new Option("--from <MODEL>", "make a project that serves this .onnx file").conflicts("template"),
    )
    .option("-f, --force", "add what is missing to an existing folder; edited files are never overwritten")
    .option("--no-input", "never ask; on a terminal, what is not given is asked for")
    .option("--json", "print one JSON object; nothing is asked")
    .addHelpText("after", `${EXAMPLES}\n\nTemplates:\n${ABOUT.join("\n")}`)
    .action(async (name, options, command) => {
      const isChosen = command.getOptionValueSource("template") === "cli";
      const given = {
        ...(name === undefined ? {} : { name }),
        ...(isChosen ? { template: options.template } : {}),
        ...(options.from === undefined ? {} : { model: options.from }),
      };
      const answers = options.input && options.json !== true ? await complete(given) : given;
      if (answers === undefined) return finish(NOTHING_CREATED);
      if (answers.name === undefined) return command.error("error: missing required argument 'NAME'");
      finish(await create({ ...answers, name: answers.name }, options.force ?? false));
    });
}

const EXAMPLES = examples(
  "packflow create",
  "packflow create my-detector --template typescript",
  "packflow create my-model --from model.onnx",
);

const ABOUT = Object.entries(TEMPLATES).map(([name, about]) => `  ${name.padEnd(12)}${about}`);

/** With the exit status that a shell gives a program that Ctrl-C has ended. */
const NOTHING_CREATED: Outcome = { ok: false, exitCode: 130, notes: ["Stopped: nothing was created"] };

/** Asks for what is not given, where somebody is there to answer; undefined where they stop. */
async function complete(given: Partial<CreateAnswers>): Promise<Partial<CreateAnswers> | undefined> {
  if (given.name !== undefined && (given.template ?? given.model) !== undefined) return given;
  const { askCreate, canAsk } = await import("./create_questions.ts");
  return canAsk() ? await askCreate(given) : given;
}

async function create(answers: CreateAnswers, force: boolean): Promise<Outcome> {
  const { createProject } = await import("../project/create_project.ts");
  const { resolvePath } = await import("../host/path.ts");
  return outcomeOf(answers.name, await createProject({ ...answers, parent: resolvePath("."), force }));
}

function outcomeOf(name: string, { folder, files, notes }: CreatedProject): Outcome {
  const steps = [`cd ${name}`, "packflow validate", "packflow test", "packflow run < events.ndjson"];
  return {
    ok: true,
    data: { path: folder, files: [...files], notes: [...notes] },
    notes: [
      `Created ${folder} (${files.length} files)`,
      ...notes,
      "",
      "Next:",
      ...steps.map((step) => `  ${step}`),
    ],
  };
}
