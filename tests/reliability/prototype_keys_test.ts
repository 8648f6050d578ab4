/** Names that every object inherits, as keys of data. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { deepMerge } from "../../lib/base/deep_merge.ts";
import type { JsonObject } from "../../lib/base/json.ts";
import { BackendConfig } from "../../lib/config/backend_config.ts";
import { resolveLayers } from "../../lib/config/resolve_config.ts";
import { parseManifest } from "../../lib/config/parse_manifest.ts";
import { z } from "../../lib/deps/zod.ts";
import { Echo, echoRun, figure } from "../helpers/echo_run.ts";

const NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"];
const DEPTHS = [1, 2, 3, 4];

/** Text of an object that has `name`, below so many levels of itself, with what would pollute. */
function poison(name: string, depth: number): string {
  const inner = `{"polluted":true,"prototype":{"polluted":true},"toString":1}`;
  return depth === 1 ? `{"${name}":${inner}}` : `{"${name}":${poison(name, depth - 1)}}`;
}

/** Whether any of the prototypes that all values share has something new. */
function isPolluted(): boolean {
  const probes: unknown[] = [{}, [], "", 0, () => {}, new Map(), new Uint8Array(0), Promise.resolve()];
  return probes.some((probe) => Object(probe).polluted !== undefined || Object(probe).prototype?.polluted) ||
    String({}) !== "[object Object]";
}

const BEFORE = [Object, Array, Function, String].map((type) => Reflect.ownKeys(type.prototype));

type Probe = (text: string, name: string, depth: number) => Promise<unknown>;

const Options = BackendConfig.extend({ free: z.record(z.string(), z.unknown()).default({}) });
const merge = (over: JsonObject) => deepMerge({ a: { b: 1 } }, over);

/** Ways for data to come in. Each checks that the key is still there as data, where that can be. */
const PROBES: Record<string, Probe> = {
  async "an event"(text) {
    deepStrictEqual((await echoRun(text)).lines, [text]);
  },
  async "an event that is flattened"(text, name, depth) {
    const backend = await Echo.create({ config: { flattenNestedInputs: true } });
    const flat = await backend.infer(JSON.parse(text));
    const path = new Array(depth).fill(name).join(".");
    deepStrictEqual(Object.keys(flat), [
      `${path}.polluted`,
      `${path}.prototype.polluted`,
      `${path}.toString`,
    ]);
  },
  async "the features of an event"(text, name, depth) {
    const path = new Array(depth).fill(name).join(".");
    const featureNames = [`${path}.polluted`, `${path}.missing`, ...NAMES.map((each) => `x.${each}`)];
    const backend = await Echo.create({ config: { featureNames } });
    const { lines } = { lines: JSON.stringify(await backend.infer(JSON.parse(text))) };
    strictEqual(lines.includes("true"), true);
    strictEqual(lines.includes("function"), false);
  },
  async "a field's new name"(_, name, depth) {
    const path = new Array(depth).fill(name).join(".");
    const backend = await Echo.create({ config: { renameFields: JSON.parse(`{"old":"${path}.polluted"}`) } });
    strictEqual(JSON.stringify(await backend.infer({ old: true })).includes('{"polluted":true}'), true);
  },
  async "a field's old name"(text, name, depth) {
    const path = new Array(depth).fill(name).join(".");
    const renameFields = JSON.parse(`{"${path}.polluted":"found"}`);
    const backend = await Echo.create({ config: { renameFields } });
    strictEqual((await backend.infer(JSON.parse(text))).found, true);
  },
  "a merge"(text) {
    strictEqual(JSON.stringify(merge(JSON.parse(text))), `{"a":{"b":1},${text.slice(1)}`);
    strictEqual(JSON.stringify(deepMerge(JSON.parse(text), JSON.parse(text))), text);
    return Promise.resolve();
  },
  async "options of the arguments"(text) {
    const config = await resolveLayers(Options, {
      args: { free: JSON.parse(text) },
      overrideFile: undefined,
    });
    strictEqual(JSON.stringify(config.free), text);
  },
  async "options of the override file"(text) {
    const override = { file: "o.json", configs: { free: JSON.parse(text) } };
    const manifest = { free: JSON.parse(text) };
    const config = await resolveLayers(Options, { manifest, override, overrideFile: undefined });
    strictEqual(JSON.stringify(config.free), text);
  },
  async "names of options"(text) {
    const made = resolveLayers(Options, { args: JSON.parse(text), overrideFile: undefined });
    strictEqual(await made.then(() => "taken", ({ code }) => code), "config.unknown_option");
  },
  "a manifest"(text) {
    const options = `"config":{"free":${text}}`;
    const manifest = parseManifest(
      `{"name":"a","version":"1.0.0","backend":"b.ts:B",${options}}`,
      "packflow.jsonc",
    );
    strictEqual(JSON.stringify(manifest.config), `{"free":${text}}`);
    return Promise.resolve();
  },
};

Deno.test("S9: inherited names as keys stay data, wherever they come in", async () => {
  let cases = 0;
  let polluting = 0;
  for (const [place, probe] of Object.entries(PROBES)) {
    for (const name of NAMES) {
      for (const depth of DEPTHS) {
        cases++;
        try {
          await probe(poison(name, depth), name, depth);
        } catch (cause) {
          throw new Error(`${place}: "${name}" at depth ${depth}`, { cause });
        }
        if (isPolluted()) polluting++;
      }
    }
  }
  deepStrictEqual([Object, Array, Function, String].map((type) => Reflect.ownKeys(type.prototype)), BEFORE);
  figure(`S9 inherited names: ${polluting} of ${cases} pollute (${Object.keys(PROBES).length} places)`);
  strictEqual(polluting, 0);
});
