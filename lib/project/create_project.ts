import { PackflowError } from "../base/errors.ts";
import { nearestName } from "../base/nearest_name.ts";
import { ProjectName } from "../config/manifest.ts";
import { fileErrorReason } from "../host/file_error.ts";
import {
  copyFile,
  fileInfo,
  makeFolder,
  makeTempFolder,
  readFile,
  remove,
  rename,
  writeFile,
} from "../host/files.ts";
import { dirname, joinPath, resolvePath } from "../host/path.ts";
import { GOLDEN_FILE } from "./golden_events.ts";
import { scaffoldModel, scaffoldTemplate } from "./scaffold.ts";
import { type FileTree, TEMPLATE_NAMES } from "./templates.ts";
import { testProject, type TestReport } from "./test_project.ts";

/** What to create. */
export interface CreateOptions {
  /** Name of the project and of its folder. */
  readonly name: string;
  /** The folder to make the project's folder in. */
  readonly parent: string;
  /** One of {@linkcode TEMPLATE_NAMES}; "minimal" when neither it nor `model` is given. */
  readonly template?: string;
  /** Path of an ONNX file to make the project from. */
  readonly model?: string;
  /** Adds what is missing to an existing folder; never overwrites. */
  readonly force?: boolean;
}

/** What was created. */
export interface CreatedProject {
  /** Absolute path. */
  readonly folder: string;
  /** The files written, relative to the folder, sorted. */
  readonly files: readonly string[];
  /** What the user should know, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Makes a project: all of it or nothing. It is written to a folder beside the target and moved into place at the end.
 *
 * @throws {PackflowError} `usage.invalid` for a name or template that cannot be, before anything is touched;
 * `create.exists`, `create.files_differ`, `create.failed`, `create.unsupported_model`, `model.*`.
 */
export async function createProject(options: CreateOptions): Promise<CreatedProject> {
  const { name, model, template = "minimal", force = false } = options;
  checkName(name);
  const parent = resolvePath(options.parent);
  const target = joinPath(parent, name);
  const known = TEMPLATE_NAMES.find((each) => each === template);
  if (known === undefined) throw unknownTemplate(template);
  const existing = await checkTarget(target, force);
  const scaffold = model === undefined
    ? { files: await scaffoldTemplate(name, known), copies: new Map<string, string>(), notes: [] }
    : await scaffoldModel(name, model);
  const tree = scaffold.files;
  let temporary: string | undefined;
  try {
    temporary = await makeTempFolder(`.${name}-`, parent);
    // A folder inside the private one has the user's usual permissions, which the project is to keep.
    const folder = joinPath(temporary, name);
    await writeTree(folder, tree, scaffold.copies);
    const notes = [...scaffold.notes];
    if (model !== undefined) notes.push(...await answerGoldenEvents(folder, tree, model));
    if (!existing) await rename(folder, target);
    const paths = [...tree.keys(), ...scaffold.copies.keys()];
    const files = existing ? await addMissing(folder, target, paths) : paths;
    return { folder: target, files: files.sort(), notes };
  } catch (cause) {
    if (cause instanceof PackflowError) throw cause;
    const message = `Cannot create project "${name}" in "${parent}": ${fileErrorReason(cause)}`;
    throw new PackflowError("create.failed", message, { cause });
  } finally {
    if (temporary !== undefined) await remove(temporary);
  }
}

function checkName(name: string): void {
  const parsed = ProjectName.safeParse(name);
  if (parsed.success) return;
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
  const rule = parsed.error.issues[0]?.message ?? "must be a name";
  throw new PackflowError("usage.invalid", `Cannot create project ${shown} as its name ${rule}`, {
    remedy: "Choose a name such as my-model; create makes its folder in the current one",
  });
}

function unknownTemplate(template: string): PackflowError {
  const near = nearestName(template, TEMPLATE_NAMES);
  const hint = near === undefined ? "" : ` (did you mean "${near}"?)`;
  return new PackflowError(
    "usage.invalid",
    `Cannot create from template "${template}" as it must be one of ${TEMPLATE_NAMES.join(", ")}${hint}`,
  );
}

/** Whether the target is a folder to add to. */
async function checkTarget(target: string, force: boolean): Promise<boolean> {
  const info = await fileInfo(target);
  if (info === undefined) return false;
  if (force && info.kind === "directory") return true;
  const what = { file: "a file", directory: "a folder", link: "a link", other: "something else" }[info.kind];
  throw new PackflowError("create.exists", `Cannot create "${target}" as it must not exist: it is ${what}`, {
    ...(info.kind === "directory"
      ? {}
      : { remedy: "Choose another name, or move what is there out of the way" }),
  });
}

async function writeTree(
  folder: string,
  tree: FileTree,
  copies: ReadonlyMap<string, string>,
): Promise<void> {
  await makeFolder(folder);
  for (const [path, data] of tree) {
    await makeFolder(dirname(joinPath(folder, path)));
    await writeFile(joinPath(folder, path), data);
  }
  for (const [path, source] of copies) {
    await makeFolder(dirname(joinPath(folder, path)));
    await copyFile(source, joinPath(folder, path));
  }
}

/** Lets the model answer the made-up golden events, kept in; without answers there are no golden events. */
async function answerGoldenEvents(folder: string, tree: FileTree, model: string): Promise<string[]> {
  let report: TestReport;
  try {
    report = await testProject(folder, { update: true });
  } catch (error) {
    throw inUsersWords(error, model);
  }
  const [problem] = report.results.flatMap((result) => result.problems);
  if (problem === undefined) return [];
  await remove(joinPath(folder, GOLDEN_FILE));
  tree.delete(GOLDEN_FILE);
  return [
    `The model does not answer the made-up events (${problem.message}): write real ones to events.ndjson and ` +
    `to ${GOLDEN_FILE}, then run packflow test --update`,
  ];
}

/** The model under the name that the user gave, not under that of its copy in a folder that is gone. */
function inUsersWords(error: unknown, model: string): unknown {
  if (!(error instanceof PackflowError) || !error.code.startsWith("model.")) return error;
  const message = error.message.replaceAll('model "model.onnx"', () => `model "${model}"`);
  return new PackflowError(error.code, message, {
    cause: error,
    place: { file: model },
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
  });
}

/** Moves the files that an existing folder lacks into it, unless another file is there already. */
async function addMissing(source: string, target: string, paths: readonly string[]): Promise<string[]> {
  const missing: string[] = [];
  const different: string[] = [];
  for (const path of paths) {
    const state = await compareFile(source, target, path);
    if (state === "missing") missing.push(path);
    if (state === "different") different.push(path);
  }
  if (different.length > 0) {
    throw new PackflowError(
      "create.files_differ",
      `Cannot add to "${target}" as its files must be missing or as the template's: ` +
        `${different.map((path) => `"${path}"`).join(", ")} differ${different.length === 1 ? "s" : ""}`,
    );
  }
  const added: string[] = [];
  try {
    for (const path of missing) {
      await makeFolder(dirname(joinPath(target, path)));
      await rename(joinPath(source, path), joinPath(target, path));
      added.push(path);
    }
  } catch (error) {
    for (const path of added) await remove(joinPath(target, path));
    throw error;
  }
  return added;
}

async function compareFile(
  source: string,
  target: string,
  path: string,
): Promise<"missing" | "same" | "different"> {
  const parts = path.split("/");
  // A link on the way would lead the file out of the project.
  for (let depth = 1; depth < parts.length; depth++) {
    const info = await fileInfo(joinPath(target, ...parts.slice(0, depth)));
    if (info === undefined) return "missing";
    if (info.kind !== "directory") return "different";
  }
  const info = await fileInfo(joinPath(target, path));
  if (info === undefined) return "missing";
  if (info.kind !== "file") return "different";
  const [ours, theirs] = await Promise.all([
    readFile(joinPath(source, path)),
    readFile(joinPath(target, path)),
  ]);
  return ours.length === theirs.length && ours.every((byte, at) => byte === theirs[at])
    ? "same"
    : "different";
}
