import type { Diagnostic } from "../base/diagnostic.ts";
import { Command, InvalidArgumentError, Option } from "../deps/commander.ts";
import type { LeftFile } from "../project/collect_files.ts";
import type { PackagedProject, PackageOptions } from "../project/package_project.ts";
import type { Finish } from "./commands.ts";
import { examples } from "./options.ts";
import type { Outcome } from "./report.ts";
import { fileTable, formatBytes, printable } from "./text.ts";

const FORMATS = ["tar.gz", "zip", "oci"] as const;

/** `packflow package`: makes the archive of a project. */
export function packageCommand(finish: Finish) {
  return new Command("package")
    .description("Validate a project, then make its package: the same bytes from the same files, anywhere.")
    .argument("[PROJECT]", "project folder", ".")
    .option(
      "-o, --output <PATH>",
      "file or folder to write; {name}-{version}.{format} in the current folder when left out",
    )
    .addOption(
      new Option("--format <FORMAT>", "tar.gz, zip, or oci: a folder that registries take (told by --output)")
        .choices(FORMATS),
    )
    .option("--list", "print the files that go in, and why others stay out; write nothing")
    .option("--dry-run", "do everything but writing the package")
    .option("--check <SHA256>", "fail, and write nothing, unless the package comes to this SHA-256", sha256)
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      examples(
        "packflow package",
        "packflow package my-model --output dist/ --format zip",
        "packflow package --list",
        "packflow package --dry-run --check 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      ),
    )
    .action(async (folder, options) => finish(await makePackage(folder, options)));
}

interface Options {
  readonly output?: string | undefined;
  readonly format?: PackageOptions["format"] | undefined;
  readonly list?: true | undefined;
  readonly dryRun?: true | undefined;
  readonly check?: string | undefined;
}

async function makePackage(
  folder: string,
  { output, format, list, dryRun, check }: Options,
): Promise<Outcome> {
  const { packageProject } = await import("../project/package_project.ts");
  const dry = dryRun === true || list === true;
  const made = await packageProject({
    folder,
    dryRun: dry,
    ...(output === undefined ? {} : { output }),
    ...(format === undefined ? {} : { format }),
    ...(check === undefined ? {} : { expected: check }),
  });
  return {
    ok: true,
    diagnostics: [...made.warnings, ...leftWarnings(made.left)],
    data: asJson(made, dry),
    ...(list === true ? { output: listing(made) } : { notes: summary(made, dry, check !== undefined) }),
  };
}

function asJson(made: PackagedProject, dryRun: boolean) {
  const { path, format, size, sha256, digest, files, left } = made;
  return {
    ...{ path, format, written: !dryRun, size, sha256, digest },
    files: files.map(({ path, size }) => ({ path, size })),
    left: left.map(({ path, reason }) => ({ path, reason })),
  };
}

const MAX_NAMES = 5;

/** Warns of what stays out unasked: one line for each reason, however many files it is of. */
export function leftWarnings(left: readonly LeftFile[]): Diagnostic[] {
  const byReason = Map.groupBy(left.filter(({ told }) => told), ({ reason }) => reason);
  return [...byReason].map(([reason, files]) => {
    const names = files.slice(0, MAX_NAMES).map(({ path }) => `"${path}"`).join(", ");
    const more = files.length > MAX_NAMES ? ` and ${files.length - MAX_NAMES} more (see --list)` : "";
    const [first] = files;
    return {
      severity: "warning",
      code: "check.left_out",
      message: files.length === 1
        ? `Left out ${names} as ${reason}`
        : `Left out ${files.length} paths, each as ${reason}: ${names}${more}`,
      ...(first === undefined || files.length > 1 ? {} : { file: first.path }),
    };
  });
}

function listing({ files, left }: PackagedProject): string[] {
  const lines = left.map(({ path, reason }) => `${"left out".padStart(10)}  ${path}: ${reason}`);
  return [...fileTable(files), ...lines].map(printable);
}

function summary(made: PackagedProject, dryRun: boolean, checked: boolean): string[] {
  const { path, files, size, sha256, digest } = made;
  return [
    `${dryRun ? "Would write" : "Wrote"} ${path} (${files.length} files, ${formatBytes(size)})`,
    `  sha256 ${sha256}${checked ? ", as it had to be" : ""}`,
    `  digest ${digest}`,
  ];
}

function sha256(value: string): string {
  const digest = value.replace(/^sha256:/, "").toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digest)) return digest;
  throw new InvalidArgumentError("It must be a SHA-256: 64 hexadecimal digits");
}
