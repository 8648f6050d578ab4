import type { Diagnostic } from "../base/diagnostic.ts";
import { type Manifest, MANIFEST_FILE } from "../config/manifest.ts";
import { fileErrorReason } from "../host/file_error.ts";
import { fileInfo, readFile } from "../host/files.ts";
import { joinPath } from "../host/path.ts";
import { TEMPLATE_MARK } from "./templates.ts";

/** The files that tell whoever receives a package what it is, and what they may do with it. */
const RECOMMENDED = [
  { file: "README.md", others: ["README", "README.txt", "readme.md"] },
  { file: "MODEL_CARD.md", others: ["MODEL_CARD", "MODELCARD.md"] },
  { file: "LICENSE", others: ["LICENSE.txt", "LICENSE.md", "LICENCE", "LICENCE.txt", "COPYING"] },
];

/** Warnings for what a manifest leaves empty. */
export function checkMetadata(manifest: Manifest): Diagnostic[] {
  const fields: string[] = [];
  if (manifest.description.trim() === "") fields.push("description");
  if (manifest.maintainers.every((entry) => entry.trim() === "")) fields.push("maintainers");
  return fields.map((field) => ({
    severity: "warning",
    code: "check.metadata_empty",
    message: `Expected "${field}" in the manifest to say something: it is empty`,
    file: MANIFEST_FILE,
  }));
}

/** Warnings for recommended files that are missing or empty, and one for all that are as the template has them. */
export async function checkRecommendedFiles(folder: string): Promise<Diagnostic[]> {
  const problems: Problem[] = [];
  const untouched: string[] = [];
  for (const { file, others } of RECOMMENDED) {
    const found = await findProblem(folder, [file, ...others]);
    if (found === undefined) continue;
    if (found.message === undefined) untouched.push(found.file);
    else problems.push(found);
  }
  return [...problems, ...untouchedProblem(untouched)].map((problem) => (
    { severity: "warning", code: "check.recommended_file", ...problem }
  ));
}

type Problem = Pick<Diagnostic, "message" | "file" | "remedy">;

/** A new project has several of these, which are mended in the same way: one warning says it. */
function untouchedProblem(files: readonly string[]): Problem[] {
  const [file, ...others] = files;
  if (file === undefined) return [];
  const names = files.map((each) => `"${each}"`).join(", ").replace(/, (?=[^,]*$)/, " and ");
  return [{
    message: `Expected ${names} to be the project's own: ${
      others.length === 0 ? "it is as the template has it" : "they are as the template has them"
    }`,
    file,
    remedy: `Write ${others.length === 0 ? "it" : "them"}, and delete the line with "${TEMPLATE_MARK}"`,
  }];
}

/** What is wrong with the first of the files that is there; no message for one that is as the template has it. */
async function findProblem(
  folder: string,
  names: readonly string[],
): Promise<Problem | { readonly file: string; readonly message?: undefined } | undefined> {
  const [recommended = ""] = names;
  for (const file of names) {
    const path = joinPath(folder, file);
    if (await fileInfo(path) === undefined) continue;
    let text: string;
    try {
      text = new TextDecoder().decode(await readFile(path));
    } catch (cause) {
      return { message: `Cannot read "${file}": ${fileErrorReason(cause)}`, file };
    }
    if (text.trim() === "") return { message: `Expected "${file}" to say something: it is empty`, file };
    return text.includes(TEMPLATE_MARK) ? { file } : undefined;
  }
  return { message: `Expected a file "${recommended}": there is none`, file: recommended };
}
