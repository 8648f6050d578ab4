/** What may differ between two places where the same project is packaged, after reprotest's list. */
import { join } from "node:path";
import { randomFrom } from "./echo_run.ts";
import type { Surroundings } from "./packagers.ts";
import { type WriteOptions, writeReproducible } from "./reproducible_project.ts";

/** A place where the project lies, and what surrounds the program there. */
export interface Place extends Surroundings {
  readonly folder: string;
  [Symbol.asyncDispose]?(): Promise<void>;
}

export interface Variation {
  readonly name: string;
  /** Lays the project out below an empty folder; says why it cannot be done here where it cannot. */
  prepare(folder: string): Promise<Place | { missing: string }>;
}

/** The variations, each beside the plain project that {@linkcode writeReproducible} makes by default. */
export const VARIATIONS: readonly Variation[] = [
  written("other folder, longer, with spaces and Unicode", "ein Ordner/その他 – ünï/deeper and deeper/p"),
  written("times of files", "p", { time: (index) => 1_000_000_000 - 86_400 * index }),
  written("order of creation", "p", { order: shuffled }),
  { name: "order of folders' entries (disorderfs)", prepare: disordered },
  { name: "another file system (/dev/shm)", prepare: inMemory },
  { name: "reached through a link, named relatively", prepare: linked },
  written("umask 077, private files", "p", {
    modes: { file: 0o600, executable: 0o700, folder: 0o700 },
  }, { umask: "077" }),
  written("umask 000, files open to all", "p", {
    modes: { file: 0o666, executable: 0o777, folder: 0o777 },
  }, { umask: "000" }),
  written("time zone", "p", {}, { env: { TZ: "Pacific/Auckland" } }),
  written("locale", "p", {}, { env: { LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", LANGUAGE: "tr" } }),
  written("home, path and environment", "p", {}, {
    env: {
      HOME: "/nowhere",
      PATH: "/nowhere",
      USER: "mallory",
      NODE_ENV: "production",
      BUILD_ID: "42",
      CI: "1",
    },
  }),
  written("SOURCE_DATE_EPOCH that says the constant", "p", {}, { env: { SOURCE_DATE_EPOCH: "315532800" } }),
  { name: "user, group and host name (unshare)", prepare: otherUser },
  wrapped("one processor (taskset)", "taskset", ["-c", "0"]),
  wrapped("kernel version (setarch)", "setarch", [Deno.build.arch, "--uname-2.6"]),
  wrapped("clock two years on (faketime)", "faketime", ["+2years"]),
  { name: "files that stay out beside it", prepare: littered },
];

function written(
  name: string,
  path: string,
  options: WriteOptions = {},
  around: Surroundings = {},
): Variation {
  return {
    name,
    async prepare(folder) {
      await writeReproducible(join(folder, path), options);
      return { folder: join(folder, path), ...around };
    },
  };
}

/** The project in the usual way, the program started by another one. */
function wrapped(name: string, program: string, args: readonly string[]): Variation {
  return {
    name,
    async prepare(folder) {
      const wrapper = [await findProgram(program) ?? program, ...args];
      if (!await succeeds([...wrapper, "/bin/true"])) return { missing: `${program} does not run here` };
      await writeReproducible(folder);
      return { folder, wrapper };
    },
  };
}

function shuffled(paths: readonly string[]): string[] {
  const random = randomFrom(5);
  return paths.map((path) => ({ path, at: random() })).sort((a, b) => a.at - b.at).map(({ path }) => path);
}

async function disordered(folder: string): Promise<Place | { missing: string }> {
  const [real, seen] = [join(folder, "real"), join(folder, "seen")];
  await writeReproducible(real);
  await Deno.mkdir(seen);
  const mount = ["disorderfs", "--quiet", "--shuffle-dirents=yes", "--reverse-dirents=no", real, seen];
  if (!await succeeds(mount)) return { missing: "disorderfs is not installed or may not mount" };
  return {
    folder: seen,
    async [Symbol.asyncDispose]() {
      if (!await succeeds(["fusermount", "-u", "-z", seen])) throw new Error(`Cannot unmount "${seen}"`);
    },
  };
}

async function inMemory(): Promise<Place | { missing: string }> {
  try {
    const folder = await Deno.makeTempDir({ dir: "/dev/shm", prefix: "packflow-test-" });
    await writeReproducible(folder, { order: (paths) => [...paths].reverse() });
    return { folder, [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
  } catch {
    return { missing: "there is no /dev/shm to write to" };
  }
}

async function linked(folder: string): Promise<Place> {
  await writeReproducible(join(folder, "real"));
  await Deno.symlink("real", join(folder, "link"));
  return { folder: "link", cwd: folder };
}

async function otherUser(folder: string): Promise<Place | { missing: string }> {
  const script = 'hostname elsewhere && exec unshare -U --map-user=1234 --map-group=1234 "$@"';
  const wrapper = [await findProgram("unshare") ?? "unshare", "-r", "-u", "/bin/sh", "-c", script, "sh"];
  const env = { PATH: Deno.env.get("PATH") ?? "" };
  if (!await succeeds([...wrapper, "/bin/true"])) return { missing: "user namespaces are not allowed" };
  await writeReproducible(folder);
  return { folder, wrapper, env };
}

async function littered(folder: string): Promise<Place> {
  await writeReproducible(folder);
  const litter = [
    ".git/HEAD",
    ".env",
    "run.log",
    "__pycache__/x.pyc",
    ".DS_Store",
    "reproducible-1.2.2.tar.gz",
    "reproducible-1.2.2.zip",
    "id_rsa",
    "inference.ts~",
  ];
  for (const path of litter) {
    const file = join(folder, path);
    await Deno.mkdir(join(file, ".."), { recursive: true });
    await Deno.writeTextFile(file, path);
  }
  return { folder };
}

async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    const path = join(folder, name);
    if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return path;
  }
  return undefined;
}

async function succeeds([program = "", ...args]: readonly string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args, stdout: "null", stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}
