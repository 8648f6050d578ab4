import type { EventRecord, JsonObject } from "../../lib/base/json.ts";
import { joinPath } from "../../lib/host/path.ts";

/** One of the models of tests/fixtures/models, with its events and the answers native ONNX Runtime gives. */
export interface ModelFixture {
  readonly folder: string;
  /** The options with which OnnxBackend serves it. */
  readonly config: JsonObject;
  readonly events: EventRecord[];
  readonly expected: JsonObject[];
}

export const MODEL_NAMES = ["digits", "phishing", "shuttle", "solar_flare"] as const;

/** Reads a model's folder; `events.ndjson` and `expected.ndjson` may be gzipped. */
export async function modelFixture(name: typeof MODEL_NAMES[number]): Promise<ModelFixture> {
  const folder = joinPath(import.meta.dirname ?? "", "..", "fixtures", "models", name);
  const about: { feature_names: string[]; inputs: unknown[] } = JSON.parse(
    await Deno.readTextFile(joinPath(folder, "about.json")),
  );
  const renameFields = Object.fromEntries(
    about.feature_names.map((path) => [path, path.replaceAll("-", "_")]),
  );
  return {
    folder,
    config: {
      model: "model.onnx",
      ...(about.inputs.length > 1 ? { renameFields } : { featureNames: about.feature_names }),
    },
    events: await readLines(joinPath(folder, "events.ndjson")),
    expected: await readLines(joinPath(folder, "expected.ndjson")),
  };
}

async function readLines(path: string): Promise<JsonObject[]> {
  return (await readMaybeGzipped(path)).trimEnd().split("\n").map((line) => JSON.parse(line));
}

async function readMaybeGzipped(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const file = await Deno.open(`${path}.gz`);
    return await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).text();
  }
}
