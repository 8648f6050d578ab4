import { PackflowError } from "../base/errors.ts";
import { landlockVersion } from "../host/linux_process.ts";
import { executablePath, isCompiled, operatingSystem } from "../host/runtime.ts";

/** How hard a project's code is kept in. */
export const SANDBOX_MODES = ["auto", "strict", "off"] as const;

/** What a project's code is kept from, and what it is allowed all the same. */
export interface SandboxOptions {
  /** All that this machine has and a warning; the same or a refusal to run; or nothing. */
  readonly mode: typeof SANDBOX_MODES[number];
  /** Hosts the code may connect to, such as `api.example.org:443`; true for all. */
  readonly allowNet?: readonly string[] | true;
  /** Environment variables the code may read; true for all. */
  readonly allowEnv?: readonly string[] | true;
  /** Files and folders outside the project that the code may read. */
  readonly allowRead?: readonly string[];
}

/** What decides which protections there are. */
export interface HostFacts {
  /** The executable that workers are started with. */
  readonly program: string;
  readonly isCompiled: boolean;
  readonly os: string;
  /** 0 where the kernel has no Landlock. */
  readonly landlock: number;
}

/** One thing that a project's code is kept from. */
export interface Protection {
  readonly name: string;
  readonly isActive: boolean;
  /** What does it, or why nothing does. */
  readonly detail: string;
}

/** Looks at the machine and at how Packflow runs. */
export function hostFacts(): HostFacts {
  const compiled = isCompiled();
  // From source Deno's own permissions do it all.
  return {
    program: executablePath(),
    isCompiled: compiled,
    os: operatingSystem(),
    landlock: compiled ? landlockVersion() : 0,
  };
}

/** What a project's code is kept from on this machine. */
export function sandboxReport(facts: HostFacts = hostFacts()): Protection[] {
  const permissions = facts.isCompiled ? "permissions given up at start" : "permissions of Deno";
  const files = !facts.isCompiled || facts.landlock > 0;
  const parts = ["network", "programs", "writing files", "native libraries", "system information"];
  return [
    ...parts.map((name) => ({ name, isActive: true, detail: permissions })),
    { name: "environment", isActive: true, detail: "only the variables it is given exist" },
    {
      name: "reading files",
      isActive: files,
      detail: !files ? whyFilesAreOpen(facts) : facts.isCompiled ? `Landlock ${facts.landlock}` : permissions,
    },
    { name: "memory and time", isActive: true, detail: "a process of its own, which can be stopped" },
  ];
}

function whyFilesAreOpen({ os }: HostFacts): string {
  return os === "linux"
    ? "the kernel does not offer Landlock, so the code can read files outside the project"
    : "the program can limit this on Linux only; run from source, Packflow limits it everywhere";
}

/**
 * What this machine cannot do of what is asked: nothing where all is well, texts for a warning with "auto".
 *
 * @throws {PackflowError} `worker.sandbox_unavailable` with "strict", or where a permission would turn out wider.
 */
export function missingProtections(options: SandboxOptions, facts: HostFacts): string[] {
  if (options.mode === "off") return [];
  if (facts.isCompiled && Array.isArray(options.allowNet)) {
    throw new PackflowError(
      "worker.sandbox_unavailable",
      "Cannot allow single hosts as the compiled program can open the network as a whole only: " +
        `asked for ${options.allowNet.join(", ")}`,
      { remedy: "Allow all hosts with --allow-net, or run Packflow from source" },
    );
  }
  const missing = sandboxReport(facts).filter(({ isActive }) => !isActive);
  const texts = missing.map(({ name, detail }) => `${name}: ${detail}`);
  if (options.mode === "auto" || texts.length === 0) return texts;
  throw new PackflowError(
    "worker.sandbox_unavailable",
    `Cannot isolate the project as --sandbox strict needs all protections: missing are ${texts.join("; ")}`,
  );
}
