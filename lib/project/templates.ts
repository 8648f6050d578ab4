import { PackflowError } from "../base/errors.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { listFolder, readFile } from "../host/files.ts";
import { fromFileUrl, joinPath } from "../host/path.ts";

/** The templates a user can name. */
export const TEMPLATE_NAMES = ["minimal", "typescript", "onnx", "stateful"] as const;

/** What each one is, in the order in which they are offered. */
export const TEMPLATES: Readonly<Record<typeof TEMPLATE_NAMES[number], string>> = {
  minimal: "TypeScript, one file: put your own logic in",
  typescript: "TypeScript around a model, with options",
  onnx: "a model alone, no code",
  stateful: "TypeScript that remembers earlier events",
};

/** Any folder of templates: the users', the one for projects made from a model, the SDK for editors, the page. */
export type TemplateFolder = typeof TEMPLATE_NAMES[number] | "from_model" | "page" | "sdk";

/**
 * In README.md, MODEL_CARD.md and LICENSE this marks the template's text. It stays until the author deletes it, which
 * says more than a comparison: a file changed in one letter is as little the author's own.
 */
export const TEMPLATE_MARK = "packflow-template:";

/** Contents of files by path, forward slashes. */
export type FileTree = Map<string, Uint8Array>;

/** The files of a template with `{{name}}` and the like filled in. Read from beside the code, also in the binary. */
export async function readTemplate(
  folder: TemplateFolder,
  values: Readonly<Record<string, string>> = {},
): Promise<FileTree> {
  const files: FileTree = new Map();
  try {
    await readInto(files, templatePath(folder), "");
  } catch (cause) {
    throw new PackflowError(
      "create.failed",
      `Cannot read Packflow's own template "${folder}": ${fileErrorReason(cause)}`,
      { cause, remedy: "Install Packflow again; in a checkout of it, run deno task build-sdk" },
    );
  }
  for (const [path, data] of files) {
    if (!path.endsWith(".onnx")) files.set(path, fillIn(data, values));
  }
  return files;
}

/** Path of a folder of templates, which lie beside the code, also in the binary. */
export function templatePath(folder: TemplateFolder): string {
  return fromFileUrl(new URL(`../../templates/${folder}`, import.meta.url));
}

async function readInto(files: FileTree, root: string, folder: string): Promise<void> {
  for (const { name, kind } of await listFolder(joinPath(root, folder))) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (kind === "directory") await readInto(files, root, path);
    else files.set(path, await readFile(joinPath(root, path)));
  }
}

/** Fills in `{{key}}`; `"{{key}}"`, quotes included, where the value is to be JSON. */
function fillIn(data: Uint8Array, values: Readonly<Record<string, string>>): Uint8Array {
  let text = new TextDecoder().decode(data);
  for (const [key, value] of Object.entries(values)) {
    text = text.replaceAll(`"{{${key}:json}}"`, () => value).replaceAll(`{{${key}}}`, () => value);
  }
  return new TextEncoder().encode(text);
}
