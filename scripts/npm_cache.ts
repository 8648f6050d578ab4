import { join } from "node:path";
import { runDeno } from "./run_deno.ts";

/** A package as `deno info --json` describes it. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly registryUrl: string;
  /** The ids of the packages it needs. */
  readonly dependencies: readonly string[];
}

/** What `deno info --json FILE` says. */
export interface ModuleGraph {
  readonly modules: readonly {
    readonly specifier: string;
    /** The id of the package, for an import of npm:. */
    readonly npmPackage?: string;
    readonly dependencies?: readonly {
      /** As it is written. */
      readonly specifier: string;
      readonly npmPackage?: string;
      /** What is imported at run time; absent for types. */
      readonly code?: { readonly specifier?: string };
      readonly isDynamic?: boolean;
    }[];
  }[];
  /** Every package of the lock file by id. */
  readonly npmPackages: Readonly<Record<string, NpmPackage>>;
}

/** Where Deno runs. */
export interface Place {
  readonly program?: string;
  readonly cwd: string;
}

/** The modules that an entry needs, directly or through others. */
export async function moduleGraph(entry: string, place: Place): Promise<ModuleGraph> {
  return JSON.parse(await runDeno(["info", "--json", entry], place));
}

/** Answers in which folder of Deno's cache a package lies. */
export async function npmFolders(place: Place): Promise<(npmPackage: NpmPackage) => string> {
  const { npmCache }: { npmCache: string } = JSON.parse(await runDeno(["info", "--json"], place));
  return ({ name, version, registryUrl }) => {
    const { host, pathname } = new URL(registryUrl);
    return join(npmCache, host.replace(":", "_"), pathname, name, version);
  };
}
