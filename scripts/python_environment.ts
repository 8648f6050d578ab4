import { homedir } from "node:os";
import { join } from "node:path";
import { runProcess } from "./bench/run_process.ts";

const SHOW_VERSIONS = "import platform, sys, importlib.metadata as m; " +
  "print(platform.python_version(), *(m.version(name) for name in sys.argv[1:]))";

/** Python programs to have at hand. */
export interface Requirements {
  /** The folder of the user's cache that holds the environments. */
  readonly cache: string;
  /** Exact versions, such as "onnxruntime==1.32.0". */
  readonly packages: readonly string[];
  /** Packages that come along and whose version is told too. */
  readonly told?: readonly string[];
}

/** A virtual environment outside of the repository. */
export interface PythonEnvironment {
  /** The path of its Python. */
  readonly python: string;
  /** Such as "Python 3.11.7, packflow 0.4.1, numpy 2.4.6". */
  readonly versions: string;
}

/** The environment with these packages, made if need be, or why there is none. */
export async function pythonEnvironment(
  requirements: Requirements,
): Promise<PythonEnvironment | { readonly missing: string }> {
  const { cache, packages } = requirements;
  const base = Deno.env.get("XDG_CACHE_HOME") ?? join(homedir(), ".cache");
  const folder = join(base, cache, packages.join("-").replaceAll("==", "-"));
  const isWindows = Deno.build.os === "windows";
  const python = join(folder, ...(isWindows ? ["Scripts", "python.exe"] : ["bin", "python"]));
  const existing = await versionsOf(python, requirements);
  if (existing !== undefined) return { python, versions: existing };
  console.log(`Making ${folder} with ${packages.join(" and ")}`);
  const problem = await run(isWindows ? "python" : "python3", ["-m", "venv", "--clear", folder]) ??
    await run(python, ["-m", "pip", "install", "--quiet", ...packages]);
  const versions = await versionsOf(python, requirements);
  if (problem === undefined && versions !== undefined) return { python, versions };
  return { missing: problem ?? "the environment has other versions than were asked for" };
}

async function versionsOf(
  python: string,
  { packages, told = [] }: Requirements,
): Promise<string | undefined> {
  const names = [...packages.map((each) => each.split("==")[0] ?? each), ...told];
  try {
    const command = new Deno.Command(python, { args: ["-c", SHOW_VERSIONS, ...names] });
    const { success, stdout } = await command.output();
    if (!success) return undefined;
    const [own, ...versions] = new TextDecoder().decode(stdout).trim().split(" ");
    if (packages.some((each, index) => each !== `${names[index]}==${versions[index]}`)) return undefined;
    return [`Python ${own}`, ...names.map((name, index) => `${name} ${versions[index]}`)].join(", ");
  } catch {
    // not there yet
    return undefined;
  }
}

/** Runs a program that makes something; answers what went wrong. */
async function run(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    await runProcess({ program, args, cwd: Deno.cwd() });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error);
  }
}
