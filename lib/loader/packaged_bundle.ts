import { PackflowError } from "../base/errors.ts";
import { z } from "../deps/zod.ts";
import { fileInfo, isNotFound, readTextFile } from "../host/files.ts";
import { joinPath } from "../host/path.ts";
import { makeBundle } from "./bundle_project.ts";
import { type PortableBundle, sha256Hex } from "./portable_bundle.ts";
import { resolveFile } from "./resolve_import.ts";

/** The folder of a package that holds what Packflow made for it. */
export const GENERATED_FOLDER = ".packflow";

const CODE_FILE = "bundle.js";
const MAP_FILE = "bundle.js.map";
const FACTS_FILE = "bundle.json";
const SCHEMA = "packflow.bundle/1";

/** The paths in a package of what holds its bundle. */
export const BUNDLE_FILES: readonly string[] = [CODE_FILE, MAP_FILE, FACTS_FILE].map((file) =>
  `${GENERATED_FOLDER}/${file}`
);

const MAP_COMMENT = `//# sourceMappingURL=${MAP_FILE}\n`;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Facts = z.strictObject({
  schema: z.literal(SCHEMA),
  entry: z.string(),
  modules: z.array(z.strictObject({ path: z.string(), sha256: Sha256 })),
  packages: z.array(z.strictObject({
    name: z.string(),
    version: z.string(),
    license: z.string().exactOptional(),
    integrity: z.string().exactOptional(),
    files: z.int(),
    sha256: Sha256,
    imports: z.array(z.string()),
  })),
  imports: z.array(z.string()),
  sdkAt: z.array(z.int()),
});
const SourceMap = z.object({
  sources: z.array(z.string()),
  names: z.array(z.string()),
  mappings: z.string(),
});

/** The files of a package that hold a bundle, by their paths in the package. */
export function bundleFiles({ code, map, sdkAt, facts }: PortableBundle): Map<string, string> {
  const sources = map.sources.map((source) => `../${source}`);
  const { entry, modules, packages, imports } = facts;
  const listed = { schema: SCHEMA, entry, modules, packages, imports, sdkAt };
  return new Map([
    [`${GENERATED_FOLDER}/${CODE_FILE}`, code + MAP_COMMENT],
    [
      `${GENERATED_FOLDER}/${MAP_FILE}`,
      `${
        JSON.stringify({ version: 3, file: CODE_FILE, sources, names: map.names, mappings: map.mappings })
      }\n`,
    ],
    [`${GENERATED_FOLDER}/${FACTS_FILE}`, `${JSON.stringify(listed, null, 2)}\n`],
  ]);
}

/**
 * The bundle of a project: the one that its package brought, as long as the sources it was made of are as they were
 * and no packages are installed to make it anew from; else one made now.
 *
 * @param entry The module to start from, relative to the folder.
 * @throws {PackflowError} `loader.invalid_bundle`, and what {@linkcode makeBundle} throws.
 */
export async function backendBundle(folder: string, entry: string): Promise<PortableBundle> {
  return await packagedBundle(folder, entry) ?? await makeBundle(folder, entry);
}

async function packagedBundle(folder: string, entry: string): Promise<PortableBundle | undefined> {
  const text = await readGenerated(folder, FACTS_FILE);
  if (text === undefined) return undefined;
  const { sdkAt, schema: _, ...facts } = parse(Facts, text, FACTS_FILE);
  if (facts.entry !== entry || await fileInfo(joinPath(folder, "node_modules")) !== undefined) {
    return undefined;
  }
  for (const { path, sha256 } of facts.modules) {
    // Whoever made the package wrote the paths: none may lead to a device, or out of the project.
    if ((await resolveFile(folder, path)).kind !== "file") return undefined;
    const source = await readIfThere(joinPath(folder, path));
    if (source === undefined || sha256Hex(source) !== sha256) return undefined;
  }
  const code = await readGenerated(folder, CODE_FILE) ?? "";
  if (
    !code.endsWith(MAP_COMMENT) || sdkAt.some((at) => !/^(['"])packflow\1$/.test(code.slice(at - 1, at + 9)))
  ) {
    throw invalid(CODE_FILE);
  }
  const map = parse(SourceMap, await readGenerated(folder, MAP_FILE) ?? "", MAP_FILE);
  return {
    code: code.slice(0, -MAP_COMMENT.length),
    sdkAt,
    map: { ...map, sources: map.sources.map((source) => source.replace(/^\.\.\//, "")) },
    facts,
  };
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string, file: string): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw invalid(file, cause);
  }
}

function invalid(file: string, cause?: unknown): PackflowError {
  const path = `${GENERATED_FOLDER}/${file}`;
  return new PackflowError(
    "loader.invalid_bundle",
    `Cannot load "${path}" as it must be what Packflow made`,
    {
      cause,
      place: { file: path },
    },
  );
}

function readGenerated(folder: string, file: string): Promise<string | undefined> {
  return readIfThere(joinPath(folder, GENERATED_FOLDER, file));
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readTextFile(path);
  } catch (error) {
    // What is not UTF-8 text is not what the bundle was made of.
    if (isNotFound(error) || error instanceof TypeError) return undefined;
    throw error;
  }
}
