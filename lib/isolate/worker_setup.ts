import type { JsonObject } from "../base/json.ts";
import { type BackendReference, parseBackendReference } from "../config/backend_reference.ts";
import { readManifest } from "../config/read_manifest.ts";
import { type ConfigOverride, readConfigOverride } from "../config/resolve_config.ts";
import { type FileInfo, fileInfo, listFolder, realPath } from "../host/files.ts";
import { isInside, joinPath, resolvePath } from "../host/path.ts";
import type { Bundle } from "../loader/bundle_project.ts";
import { bundleBackendModule } from "../loader/import_backend_module.ts";
import type { BlockOptions } from "../records/block.ts";
import type { ModelOptions } from "../onnx/devices.ts";
import { findNative } from "../onnx/native_runtime.ts";
import { type HostFacts, hostFacts, missingProtections, type SandboxOptions } from "./sandbox.ts";
import { wantsRuntime } from "./wants_runtime.ts";
import type { WorkerPlace } from "./worker_command.ts";

/** What is wanted of workers. */
export interface PrepareOptions {
  readonly sandbox: SandboxOptions;
  /** How blocks are worked on; left out where no block will be sent. */
  readonly block?: BlockOptions;
  /** Options of the backend that win over the manifest's. */
  readonly config?: JsonObject;
  /** How to run models, whatever the manifest and the project's code say. */
  readonly models?: ModelOptions;
  /** What is known of the machine; found out when left out. */
  readonly facts?: HostFacts;
}

/** All that workers of one project need; made once, used for each of them. */
export interface WorkerSetup {
  readonly place: WorkerPlace;
  readonly facts: HostFacts;
  readonly reference: BackendReference;
  /** Under way while the first worker starts; rejects with what is wrong in the project's code. */
  readonly bundle: Promise<Bundle | undefined>;
  readonly build: { manifestConfig: JsonObject; config?: JsonObject; override?: ConfigOverride };
  readonly block: BlockOptions | undefined;
  readonly models: ModelOptions;
  /** What the machine cannot protect, for one warning. */
  readonly missing: readonly string[];
}

/**
 * Reads a project's manifest and starts to bundle its code. No code of the project runs.
 *
 * @throws {PackflowError} `project.not_found`, `manifest.*`, `config.override_file`, `worker.sandbox_unavailable`.
 */
export async function prepareWorkers(path: string, options: PrepareOptions): Promise<WorkerSetup> {
  const { facts = hostFacts(), config, block, models = {} } = options;
  // The worker's current folder is the project's.
  const sandbox = {
    ...options.sandbox,
    allowRead: (options.sandbox.allowRead ?? []).map((path) => resolvePath(path)),
  };
  const missing = missingProtections(sandbox, facts);
  const folder = resolvePath(path);
  const manifest = await readManifest(folder);
  const reference = parseBackendReference(manifest.backend);
  const bundle = reference.kind === "module"
    ? bundleBackendModule(folder, reference.module)
    : Promise.resolve(undefined);
  // Whoever starts a worker gets to know.
  bundle.catch(() => {});
  const override = await readConfigOverride();
  const realFolder = await realPath(folder);
  const closedLinks = facts.isCompiled || sandbox.mode === "off"
    ? []
    : await closedLinksOf(folder, [realFolder, ...sandbox.allowRead]);
  const isWarm = reference.kind === "builtin" &&
    // Where compiled code is allowed, that runs the model.
    !(sandbox.mode === "off" && await findNative(folder) !== undefined) &&
    await wantsRuntime(folder, { ...manifest.config, ...config, ...models });
  return {
    place: { folder, realFolder, closedLinks, env: manifest.env, isWarm, sandbox },
    facts,
    reference,
    bundle,
    build: {
      manifestConfig: manifest.config,
      ...(config === undefined ? {} : { config }),
      ...(override === undefined ? {} : { override }),
    },
    block,
    models,
    missing,
  };
}

/**
 * The links in a folder that lead to none of the open folders. If there are any, links to folders are closed too,
 * as Deno looks at the path by which a link is reached.
 */
async function closedLinksOf(folder: string, open: readonly string[]): Promise<string[]> {
  const links: { path: string; target: "open" | "folder" | "closed" }[] = [];
  const visit = async (path: string): Promise<void> => {
    for (const { name, kind } of await entriesOf(path)) {
      const entry = joinPath(path, name);
      if (kind === "directory") await visit(entry);
      if (kind === "link") links.push({ path: entry, target: await targetOf(entry, open) });
    }
  };
  await visit(folder);
  const isAnyClosed = links.some(({ target }) => target === "closed");
  return isAnyClosed ? links.filter(({ target }) => target !== "open").map(({ path }) => path) : [];
}

async function entriesOf(path: string): Promise<readonly { name: string; kind: FileInfo["kind"] }[]> {
  try {
    return await listFolder(path);
  } catch {
    // What cannot be listed here cannot be read by the worker either.
    return [];
  }
}

async function targetOf(link: string, open: readonly string[]): Promise<"open" | "folder" | "closed"> {
  let real: string;
  try {
    real = await realPath(link);
  } catch {
    // A link to nothing today may lead somewhere tomorrow.
    return "closed";
  }
  if (!open.some((folder) => isInside(folder, real))) return "closed";
  return (await fileInfo(real))?.kind === "directory" ? "folder" : "open";
}
