import type { JsonObject, JsonValue } from "../base/json.ts";
import { Command } from "../deps/commander.ts";
import type { PackagedFile } from "../archive/package_manifest.ts";
import type { Change, Difference } from "../project/diff_projects.ts";
import type { Finish } from "./commands.ts";
import { EXIT } from "./exit_code.ts";
import { limitsOf, withLimitOptions } from "./limit_options.ts";
import { examples } from "./options.ts";
import { formatBytes, printable } from "./text.ts";

/** `packflow diff`: how two packages or projects differ. */
export function diffCommand(finish: Finish) {
  const command = new Command("diff")
    .description(
      "Compare two packages or project folders: files, manifest, what models take and give, npm packages. Exits " +
        "with 0 where they hold the same, with 1 where they differ.",
    )
    .argument("<BEFORE>", "package or project folder")
    .argument("<AFTER>", "package or project folder")
    .option("--json", "print one JSON object");
  return withLimitOptions(command)
    .addHelpText(
      "after",
      examples(
        "packflow diff my-model-0.1.0.tar.gz my-model-0.2.0.tar.gz",
        "packflow diff my-model-0.1.0.zip my-model/",
      ),
    )
    .action(async (before, after, options) => {
      const { diffProjects, isSame } = await import("../project/diff_projects.ts");
      const difference = await diffProjects(before, after, limitsOf(options));
      const same = isSame(difference);
      finish({
        ok: true,
        exitCode: same ? EXIT.ok : EXIT.failed,
        data: { same, ...asJson(difference) },
        output: (same ? ["They hold the same"] : describe(difference)).map(printable),
      });
    });
}

function asJson({ before, after, files, manifest, models, dependencies }: Difference): JsonObject {
  const about = ({ path, list: { name, version, digest } }: Difference["before"]) => ({
    path,
    name,
    version,
    digest,
  });
  const change = <Value>(
    { name, before, after }: Change<Value>,
    as: (value: Value) => JsonValue,
  ): JsonObject => ({
    name,
    ...(before === undefined ? {} : { before: as(before) }),
    ...(after === undefined ? {} : { after: as(after) }),
  });
  return {
    before: about(before),
    after: about(after),
    files: files.map((each) => change(each, ({ size, mode, sha256 }) => ({ size, mode, sha256 }))),
    manifest: manifest.map((each) => change(each, (value) => value)),
    models: models.map((each) => change(each, (value) => value)),
    dependencies: dependencies.map((each) => change(each, (value) => value)),
  };
}

function describe({ before, after, files, manifest, models, dependencies }: Difference): string[] {
  return [
    `- ${before.list.name} ${before.list.version}  ${before.list.digest}`,
    `+ ${after.list.name} ${after.list.version}  ${after.list.digest}`,
    ...section("manifest", manifest.map((each) => changeLine(each, (value) => JSON.stringify(value)))),
    ...section("models", models.map((each) => changeLine(each, (value) => value))),
    ...section("npm packages", dependencies.map((each) => changeLine(each, (value) => value))),
    ...section("files", files.map(fileLine)),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}

function changeLine<Value>({ name, before, after }: Change<Value>, text: (value: Value) => string): string {
  if (before === undefined) return `+ ${name}  ${after === undefined ? "" : text(after)}`;
  return after === undefined ? `- ${name}  ${text(before)}` : `~ ${name}  ${text(before)} -> ${text(after)}`;
}

/** Sizes and digests of a file, the latter cut: `--json` has them whole. */
function fileLine({ name, before, after }: Change<PackagedFile>): string {
  if (before === undefined || after === undefined) {
    const sign = before === undefined ? "+" : "-";
    const file = before ?? after;
    return `${sign} ${name}  ${file === undefined ? "" : fileText(file)}`;
  }
  const parts = [
    ...(before.sha256 === after.sha256 ? [] : [`${fileText(before)} -> ${fileText(after)}`]),
    ...(before.mode === after.mode ? [] : [`mode ${before.mode} -> ${after.mode}`]),
  ];
  return `~ ${name}  ${parts.join(", ")}`;
}

function fileText({ size, sha256 }: PackagedFile): string {
  return `${formatBytes(size)} ${sha256.slice(0, 12)}`;
}
