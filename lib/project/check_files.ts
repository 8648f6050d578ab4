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

/** Warnings for recommended files that are missing, empty, or as the template has them. */
export async function checkRecommendedFiles(folder: string): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const { file, others } of RECOMMENDED) {
    const problem = await fileProblem(folder, [file, ...others]);
    if (problem === undefined) continue;
    found.push({ severity: "warning", code: "check.recommended_file", ...problem });
  }
  return found;
}

type Problem = Pick<Diagnostic, "message" | "file" | "remedy">;

async function fileProblem(folder: string, names: readonly string[]): Promise<Problem | undefined> {
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
    if (!text.includes(TEMPLATE_MARK)) return undefined;
    return {
      message: `Expected "${file}" to be the project's own: it is as the template has it`,
      file,
      remedy: `Write it, and delete the line with "${TEMPLATE_MARK}"`,
    };
  }
  return { message: `Expected a file "${recommended}": there is none`, file: recommended };
}
