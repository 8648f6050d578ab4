import { dirname, join } from "node:path";
import { ROOT } from "../../scripts/run_deno.ts";

/** A file of the project, and whether it may be executed. */
interface Source {
  readonly data: string | Uint8Array;
  readonly executable?: true;
}

const MODEL = join(ROOT, "tests", "fixtures", "models", "digits", "model.onnx");

const BACKEND = `import { InferenceBackend, type Records } from "packflow";
import { clamp } from "tiny-clamp";
import { round } from "tiny-round";
import { double } from "./src/double.ts";

export class Backend extends InferenceBackend {
  override execute(events: Records) {
    return events.map((event) => ({ y: clamp(round(double(Number(event.x))), 0, 100) }));
  }
}
`;

/** Two small dependencies as an installer lays them out: an ES module, and CommonJS that needs a third. */
const DEPENDENCIES = {
  "node_modules/tiny-clamp/package.json":
    '{ "name": "tiny-clamp", "version": "1.2.0", "license": "MIT", "type": "module", "exports": "./index.js" }\n',
  "node_modules/tiny-clamp/index.js":
    "export const clamp = (x, low, high) => Math.min(Math.max(x, low), high);\n",
  "node_modules/tiny-round/package.json":
    '{ "name": "tiny-round", "version": "2.0.1", "license": "ISC", "main": "main.js", "dependencies": { "tiny-step": "^3.0.0" } }\n',
  "node_modules/tiny-round/main.js":
    'const step = require("tiny-step");\nexports.round = (x) => step * Math.round(x / step);\n',
  "node_modules/tiny-step/package.json":
    '{ "name": "tiny-step", "version": "3.0.0", "license": "MIT", "main": "index.js" }\n',
  "node_modules/tiny-step/index.js": "module.exports = 0.5;\n",
};

/**
 * The files of a project that has what could make packages differ: names whose order depends on the locale, an
 * executable, a model, nested folders, dependencies, and files that stay out.
 */
export async function reproducibleProject(): Promise<Map<string, Source>> {
  const files: Record<string, string | Uint8Array> = {
    "packflow.jsonc": `{
  "name": "reproducible",
  "version": "1.2.3",
  "description": "The same bytes anywhere",
  "maintainers": ["ada"]
}
`,
    "package.json": '{ "dependencies": { "tiny-clamp": "1.2.0", "tiny-round": "2.0.1" } }\n',
    "inference.ts": BACKEND,
    "src/double.ts": "export const double = (x: number): number => 2 * x;\n",
    "golden.ndjson": '{"input": {"x": 1.2}, "output": {"y": 2.5}}\n',
    "README.md": "# Reproducible\n",
    "MODEL_CARD.md": "# Reproducible\n",
    "LICENSE": "None\n",
    ".gitignore": "*.log\n",
    "digits.onnx": await Deno.readFile(MODEL),
    ...DEPENDENCIES,
  };
  for (const name of ["a", "B", "Z", "ä", "é", "İ", "ı", "ß", "a b", "a-b", "a.b", "日本"]) {
    files[`data/${name}.json`] = `${JSON.stringify(name)}\n`;
  }
  for (let index = 0; index < 20; index++) files[`data/many/${index}.txt`] = `${index}\n`;
  const sources = new Map<string, Source>(Object.entries(files).map(([path, data]) => [path, { data }]));
  return sources.set("run.sh", { data: "#!/bin/sh\n", executable: true });
}

/** How the files are written; whatever it is must leave no trace in a package. */
export interface WriteOptions {
  /** Puts the files in the order in which they are created. */
  readonly order?: (paths: readonly string[]) => readonly string[];
  /** Permission bits of files, of executable ones and of folders. */
  readonly modes?: { readonly file: number; readonly executable: number; readonly folder: number };
  /** When every file was changed last, in seconds since 1970; by default now. */
  readonly time?: (index: number) => number;
}

const USUAL_MODES = { file: 0o644, executable: 0o755, folder: 0o755 };

/** Writes the project's files to a new folder. */
export async function writeReproducible(folder: string, options: WriteOptions = {}): Promise<void> {
  const { order = (paths) => paths, modes = USUAL_MODES, time } = options;
  const files = await reproducibleProject();
  await Deno.mkdir(folder, { recursive: true });
  for (const [index, path] of order([...files.keys()]).entries()) {
    const source = files.get(path);
    if (source === undefined) continue;
    const file = join(folder, path);
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.chmod(dirname(file), modes.folder);
    await Deno.writeFile(
      file,
      typeof source.data === "string" ? new TextEncoder().encode(source.data) : source.data,
    );
    await Deno.chmod(file, source.executable === true ? modes.executable : modes.file);
    if (time !== undefined) await Deno.utime(file, time(index), time(index));
  }
}
