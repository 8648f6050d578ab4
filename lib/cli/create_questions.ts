import { ProjectName } from "../config/manifest.ts";
import { getEnv } from "../host/env.ts";
import { existsNow, listFolder } from "../host/files.ts";
import { stderrIsTerminal, stdinIsTerminal } from "../host/terminal.ts";
import { terminalStreams } from "../host/terminal_streams.ts";
import { TEMPLATES } from "../project/templates.ts";

/** What `packflow create` needs to know; what is given is not asked. */
export interface CreateAnswers {
  readonly name: string;
  readonly template?: string;
  /** Path of an ONNX file. */
  readonly model?: string;
}

const FROM_MODEL = "model";

/** Whether somebody is there to answer: both ends are a terminal that can move its cursor. */
export function canAsk(): boolean {
  return stdinIsTerminal() && stderrIsTerminal() && getEnv("TERM") !== "dumb";
}

/** Asks for what is missing, on standard error; undefined where the user stops with Ctrl-C or Escape. */
export async function askCreate(given: Partial<CreateAnswers>): Promise<CreateAnswers | undefined> {
  const { isCancel, select, text } = await import("../deps/clack.ts");
  const streams = terminalStreams();
  const name = given.name ?? await text({
    ...streams,
    message: "Name of the project, and of its folder",
    placeholder: "my-model",
    defaultValue: "my-model",
    validate: (typed) => nameProblem(typed || "my-model"),
  });
  if (isCancel(name)) return undefined;
  if (given.template !== undefined || given.model !== undefined) return { ...given, name };
  const template = await select({
    ...streams,
    message: "What to start from",
    options: [
      ...Object.entries(TEMPLATES).map(([value, hint]) => ({ value, label: value, hint })),
      { value: FROM_MODEL, label: "your own model", hint: "an .onnx file, no code" },
    ],
  });
  if (isCancel(template)) return undefined;
  if (template !== FROM_MODEL) return { name, template };
  const model = await text({
    ...streams,
    message: "Path of the .onnx file",
    initialValue: await modelHere(),
    validate: modelProblem,
  });
  return isCancel(model) ? undefined : { name, model: model.trim() };
}

function nameProblem(name: string): string | undefined {
  const parsed = ProjectName.safeParse(name);
  if (!parsed.success) return `The name ${parsed.error.issues[0]?.message ?? "must be another"}`;
  return existsNow(name) ? `There is a "${name}" in this folder already` : undefined;
}

function modelProblem(path: string | undefined): string | undefined {
  return existsNow(path?.trim() ?? "") ? undefined : "There is no such file";
}

/** The first model of the current folder, which is most likely meant. */
async function modelHere(): Promise<string> {
  const names = (await listFolder(".")).map(({ name }) => name);
  return names.filter((name) => name.endsWith(".onnx")).sort()[0] ?? "";
}
