import { packageProject } from "../../lib/project/package_project.ts";
import { readPackage } from "../../lib/project/open_package.ts";
import { writeProject } from "../helpers/project_fixture.ts";
import { exportSelectionDifferences } from "./differences.ts";
import { mismatch, type ParityCase, runParity } from "./parity.ts";

/** Our files in the place of the original's; the requirements of a Python project are a file like any other. */
const CORE = new Map([
  ["inference.py", "inference.ts"],
  ["packflow.yaml", "packflow.jsonc"],
  ["requirements.txt", "requirements.txt"],
]);

const BACKEND = `import { InferenceBackend } from "packflow";
export class Backend extends InferenceBackend { override execute(inputs) { return inputs; } }`;

Deno.test("packages the files the original does, but for listed differences", () =>
  runParity({
    file: "export_selection",
    adapter: packageCase,
    differences: exportSelectionDifferences,
    // How the archive is packed is ours to say: tar.gz in the place of a zip that stores.
    compare: (test, outcome) => {
      const { compression: _, ...output } = { compression: undefined, ...Object(test.expect.output) };
      const archive = String(output.archive).replace(/\.zip$/, "");
      const expect = test.expect.output === undefined ? test.expect : { output: { ...output, archive } };
      return mismatch({ ...test, expect }, outcome);
    },
  }));

/** Writes the case's project, packages it, and says what the package holds. */
async function packageCase({ input }: ParityCase): Promise<Record<string, unknown>> {
  const { files, gitignore, empty_dirs = [], symlinks = {} } = input;
  const ignored = gitignore === null ? {} : { ".gitignore": replaceNames(gitignore) };
  const contents = Object.fromEntries(
    files.map((path: string) => [path, path.endsWith(".gitignore") ? "*.txt\n" : path]),
  );
  await using outside = await writeProject({ "outside.txt": "not of the project" });
  await using elsewhere = await writeProject({ "keep": "" });
  await using project = await writeProject({
    "packflow.jsonc": manifestText(input.packflow_yaml ?? "name: demo_app\nversion: 1.2.3\n"),
    "inference.ts": BACKEND,
    "requirements.txt": "packflow",
    ...ignored,
    ...contents,
  });
  for (const folder of empty_dirs) await Deno.mkdir(`${project.folder}/${folder}`, { recursive: true });
  for (const [path, target] of Object.entries<string>(symlinks)) {
    await Deno.symlink(target.replace("<outside>", outside.folder), `${project.folder}/${path}`);
  }
  const output = input.output_directory === "project" ? project.folder : elsewhere.folder;
  const { path } = await packageProject({ folder: project.folder, output });
  const { manifest } = await readPackage(path);
  // What we make ourselves: the bundle and the list of its parts.
  const packed = manifest.files.map((file) => file.path).filter((path) => !path.startsWith(".packflow/"));
  const core = [...CORE.values()];
  return {
    archive: path.replace(output, "<out>").replace(/\.tar\.gz$/, ""),
    core_included: [...CORE].filter(([, ours]) => packed.includes(ours)).map(([theirs]) => theirs),
    gitignore_included: packed.includes(".gitignore"),
    included: packed.filter((each) => !core.includes(each) && each !== ".gitignore").sort(),
    excluded: files.filter((each: string) => !packed.includes(each)).sort(),
  };
}

function manifestText(yaml: string): string {
  const fields = yaml.trim().split("\n").map((line) =>
    line.split(/: */, 2).map((part) => part.replace(/^''$/, ""))
  );
  const { inference_backend, ...manifest } = Object.fromEntries(fields);
  const backend = inference_backend?.replace(":", ".ts:");
  return JSON.stringify({ ...manifest, ...(backend === undefined ? {} : { backend }) });
}

function replaceNames(text: string): string {
  return [...CORE].reduce((done, [theirs, ours]) => done.replaceAll(theirs, ours), text);
}
