import type { ChildCommand } from "../host/child_process.ts";
import { allEnv } from "../host/env.ts";
import { QUIET_DRIVER } from "../host/gpu.ts";
import { fileInfo } from "../host/files.ts";
import type { Confinement } from "../host/linux_process.ts";
import { dirname, fromFileUrl, toFileUrl } from "../host/path.ts";
import { ortWebUrl } from "../deps/ort_web_folder.ts";
import type { HostFacts, SandboxOptions } from "./sandbox.ts";

/** First argument with which the compiled program starts itself as a worker; nobody types it. */
export const WORKER_ARGUMENT = "__worker";
/** Tells a worker to load the ONNX runtime at once, while the main process still bundles. */
export const WARM_ARGUMENT = "warm";

/** What a worker is started for. */
export interface WorkerPlace {
  /** Absolute path of the project's folder. */
  readonly folder: string;
  /** The folder with all links resolved. */
  readonly realFolder: string;
  /** Links in the folder that must not be read as they lead outside. */
  readonly closedLinks: readonly string[];
  /** Environment variables of the manifest with their defaults. */
  readonly env: Readonly<Record<string, string>>;
  readonly isWarm: boolean;
  readonly sandbox: SandboxOptions;
}

/** What Deno itself needs to find its cache and its home. */
const RUNTIME_VARIABLES = ["HOME", "DENO_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA", "SystemRoot", "TEMP", "TZ"];
const SETTINGS = { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", DENO_NO_PACKAGE_JSON: "1" };

/** Read by the C library where the network is allowed, for the names of hosts. */
const NAME_SERVICE_FILES = ["/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/gai.conf"];
/** Read for the local time. */
const TIME_ZONE_FILES = ["/etc/localtime", "/usr/share/zoneinfo"];

/** How to start a worker. */
export interface WorkerCommand extends ChildCommand {
  /** What it may still do, where a launcher must see to that. */
  readonly confinement?: Confinement;
}

/** The command that starts a worker. */
export async function workerCommand(place: WorkerPlace, facts: HostFacts): Promise<WorkerCommand> {
  const { env, names } = workerEnv(place);
  const hints = place.isWarm ? [WARM_ARGUMENT] : [];
  const start = { program: facts.program, env, cwd: place.folder };
  if (facts.isCompiled) {
    return { ...start, args: [WORKER_ARGUMENT, ...hints], ...confinementOf(place, facts) };
  }
  const args = [
    "run",
    ...await configFlags(),
    ...denoFlags(place, names),
    import.meta.resolve("./worker_main.ts"),
    ...hints,
  ];
  return { ...start, args };
}

/** The worker's environment, and which of it the project's code may read. */
function workerEnv({ env, sandbox }: WorkerPlace): { env: Record<string, string>; names: string[] | true } {
  // How to be let in by the brokers that events come from is nothing for the project's code.
  const all = Object.fromEntries(
    Object.entries(allEnv()).filter(([name]) => !name.startsWith("PACKFLOW_KAFKA_")),
  );
  const { mode, allowEnv = [] } = sandbox;
  if (mode === "off" || allowEnv === true) return { env: { ...env, ...all, ...SETTINGS }, names: true };
  const given: Record<string, string> = { ...env };
  for (const name of allowEnv) {
    const value = all[name];
    if (value !== undefined) given[name] = value;
  }
  const own: Record<string, string> = {
    ...SETTINGS,
    [QUIET_DRIVER.name]: all[QUIET_DRIVER.name] ?? QUIET_DRIVER.value,
  };
  for (const name of RUNTIME_VARIABLES) {
    const value = all[name];
    if (value !== undefined) own[name] = value;
  }
  return { env: { ...own, ...given }, names: [...new Set([...Object.keys(env), ...allowEnv])] };
}

/** What Landlock leaves to the compiled program, where there is Landlock. */
function confinementOf({ folder, sandbox }: WorkerPlace, facts: HostFacts): { confinement?: Confinement } {
  if (sandbox.mode === "off" || facts.landlock === 0) return {};
  const net = sandbox.allowNet !== undefined;
  const read = [folder, ...sandbox.allowRead ?? [], ...TIME_ZONE_FILES, ...(net ? NAME_SERVICE_FILES : [])];
  return { confinement: { read, net } };
}

function denoFlags(place: WorkerPlace, names: readonly string[] | true): string[] {
  const common = ["--quiet", "--no-prompt", "--cached-only"];
  const { folder, realFolder, closedLinks, sandbox: { mode, allowNet, allowRead = [] } } = place;
  if (mode === "off") return [...common, "--allow-all"];
  const read = [folder, realFolder, ...runtimeFiles(), ...allowRead];
  return [
    ...common,
    // Modules of some hosts may be imported without asking otherwise.
    "--deny-import",
    listFlag("--allow-read", [...new Set(read)]),
    ...(closedLinks.length === 0 ? [] : [listFlag("--deny-read", closedLinks)]),
    ...(names === true ? ["--allow-env"] : names.length === 0 ? [] : [listFlag("--allow-env", names)]),
    ...(allowNet === undefined
      ? []
      : allowNet === true
      ? ["--allow-net"]
      : [listFlag("--allow-net", allowNet)]),
  ];
}

/** Packflow's own configuration: that of the folder the user is in must not count. */
async function configFlags(): Promise<string[]> {
  const url = import.meta.resolve("../../deno.json");
  if (!url.startsWith("file:") || await fileInfo(fromFileUrl(url)) === undefined) return ["--no-config"];
  return ["--config", fromFileUrl(url), "--frozen"];
}

/** What Packflow and the ONNX runtime read of themselves. */
function runtimeFiles(): string[] {
  const own = ["../../mod.ts", "../../deno.json", "../"].map((path) => import.meta.resolve(path));
  // A package of npm is a folder with a folder of builds.
  const runtime = toFileUrl(dirname(fromFileUrl(ortWebUrl())));
  return [...own, runtime].filter((url) => url.startsWith("file:")).map((url) => fromFileUrl(url));
}

/** A flag with a list of values, in which a comma is written twice. */
function listFlag(flag: string, values: readonly string[]): string {
  return `${flag}=${values.map((value) => value.replaceAll(",", ",,")).join(",")}`;
}
