import { compileRuntime } from "../compile_runtime.ts";
import { usedPackages } from "../compile.ts";
import { moduleGraph, npmFolders, type NpmPackage } from "../npm_cache.ts";
import { ROOT } from "../run_deno.ts";

/** A bill of materials of the program itself, in the form of CycloneDX 1.6: Deno, and the npm packages it embeds. */
export async function programSbom(version: string): Promise<string> {
  const graphs = await Promise.all(["cli.ts", "mod.ts"].map((entry) => moduleGraph(entry, { cwd: ROOT })));
  const packages = Object.assign({}, ...graphs.map(({ npmPackages }) => npmPackages)) as Record<
    string,
    NpmPackage
  >;
  const used = [...new Set(graphs.flatMap(usedPackages))].sort();
  const components = await packageComponents(used.flatMap((id) => packages[id] ?? []));
  const deno = await runtimeComponent();
  const program = {
    type: "application",
    "bom-ref": `pkg:generic/packflow@${version}`,
    name: "packflow",
    version,
  };
  const purls = new Map(used.map((id) => [id, purlOf(packages[id])]));
  const direct = graphs.flatMap(({ modules }) => modules).flatMap(({ npmPackage }) => npmPackage ?? []);
  const sbom = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { ...program, licenses: [{ expression: "Apache-2.0" }] } },
    components: [deno, ...components],
    dependencies: [
      { ref: program["bom-ref"], dependsOn: [deno["bom-ref"], ...known(purls, direct)] },
      ...used.map((id) => ({
        ref: purls.get(id),
        dependsOn: known(purls, packages[id]?.dependencies ?? []),
      })),
    ],
  };
  return `${JSON.stringify(sbom, null, 2)}\n`;
}

/** What the program is a copy of, with its own code behind: Deno's runtime without its tools. */
async function runtimeComponent() {
  const version = await compileRuntime();
  return {
    type: "framework",
    "bom-ref": `pkg:github/denoland/deno@v${version}`,
    name: "deno",
    version,
    purl: `pkg:github/denoland/deno@v${version}`,
    licenses: [{ expression: "MIT" }],
  };
}

async function packageComponents(packages: readonly NpmPackage[]) {
  const integrity = await readIntegrity();
  const folderOf = await npmFolders({ cwd: ROOT });
  return await Promise.all(packages.map(async (npmPackage) => {
    const { name, version } = npmPackage;
    const description = await Deno.readTextFile(`${folderOf(npmPackage)}/package.json`);
    const { license }: { license?: unknown } = JSON.parse(description);
    const [first = "", second] = name.split("/");
    const hash = integrity.get(`${name}@${version}`);
    const purl = purlOf(npmPackage);
    return {
      type: "library",
      "bom-ref": purl,
      ...(second === undefined ? { name: first } : { group: first, name: second }),
      version,
      purl,
      ...(typeof license === "string" ? { licenses: [{ expression: license }] } : {}),
      ...(hash === undefined ? {} : { hashes: [{ alg: "SHA-512", content: hex(hash) }] }),
    };
  }));
}

/** The hashes of the lock file by name and version; its ids say behind those what other packages were chosen. */
async function readIntegrity(): Promise<Map<string, string>> {
  const { npm }: { npm: Record<string, { integrity: string }> } = JSON.parse(
    await Deno.readTextFile(`${ROOT}deno.lock`),
  );
  return new Map(
    Object.entries(npm).map(([id, { integrity }]) => [/^@?[^@]+@[^_]+/.exec(id)?.[0] ?? id, integrity]),
  );
}

function known(purls: ReadonlyMap<string, string>, ids: readonly string[]): string[] {
  return [...new Set(ids.flatMap((id) => purls.get(id) ?? []))].sort();
}

function purlOf(npmPackage: NpmPackage | undefined): string {
  const { name = "", version = "" } = npmPackage ?? {};
  return `pkg:npm/${name.split("/").map(encodeURIComponent).join("/")}@${encodeURIComponent(version)}`;
}

/** The digits of "sha512-" and base 64. */
function hex(integrity: string): string {
  return Uint8Array.fromBase64(integrity.replace(/^sha512-/, "")).toHex();
}
