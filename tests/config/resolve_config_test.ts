import assert from "node:assert/strict";
import { DiagnosticsError } from "../../lib/base/diagnostic.ts";
import type { JsonObject } from "../../lib/base/json.ts";
import { BackendConfig } from "../../lib/config/backend_config.ts";
import { resolveConfig, resolveLayers } from "../../lib/config/resolve_config.ts";
import { z } from "../../lib/deps/zod.ts";
import { fc } from "../helpers/fast_check.ts";
import { nestedUnder, TRICKY_KEYS } from "../helpers/json_arbitraries.ts";

const Schema = BackendConfig.extend({
  threshold: z.number().min(0).max(1).default(0.5),
  limits: z.record(z.string(), z.unknown()).default({ low: 1 }),
  labels: z.array(z.string()).default(["default"]),
});

function resolve(layers: { manifest?: JsonObject; args?: JsonObject; overrideFile?: string }) {
  return resolveLayers(Schema, { ...layers, overrideFile: layers.overrideFile });
}

async function withFile(
  content: string | Uint8Array,
  work: (file: string) => Promise<unknown>,
): Promise<void> {
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeFile(file, typeof content === "string" ? new TextEncoder().encode(content) : content);
    await work(file);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("each layer wins over the one before it", async () => {
  const manifest = { threshold: 0.1 };
  const args = { threshold: 0.2 };
  assert.equal((await resolve({})).threshold, 0.5);
  assert.equal((await resolve({ manifest })).threshold, 0.1);
  assert.equal((await resolve({ manifest, args })).threshold, 0.2);
  await withFile('{"configs": {"threshold": 0.3}, "comment": "free"}', async (overrideFile) => {
    assert.equal((await resolve({ manifest, args, overrideFile })).threshold, 0.3);
  });
});

Deno.test("arguments replace an option of the manifest as a whole", async () => {
  const config = await resolve({ manifest: { limits: { a: 1, b: 2 } }, args: { limits: { a: 3 } } });
  assert.deepEqual(config.limits, { a: 3 });
});

Deno.test("the override file is merged in deeply, arrays replaced", async () => {
  const content = { configs: { limits: { b: { y: 9 } }, labels: ["z"] } };
  await withFile(JSON.stringify(content), async (overrideFile) => {
    const args = { limits: { a: 1, b: { x: 1, y: 2 } }, labels: ["p", "q"] };
    const config = await resolve({ args, overrideFile });
    assert.deepEqual(config.limits, { a: 1, b: { x: 1, y: 9 } });
    assert.deepEqual(config.labels, ["z"]);
    assert.deepEqual(args, { limits: { a: 1, b: { x: 1, y: 2 } }, labels: ["p", "q"] });
  });
});

Deno.test("an option that a caller leaves undefined does not hide the manifest's", async () => {
  const args = { threshold: undefined } as unknown as JsonObject;
  assert.equal((await resolve({ manifest: { threshold: 0.1 }, args })).threshold, 0.1);
});

Deno.test("the last layer that sets an option decides, whatever the others say", async () => {
  const maybe = fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(maybe, maybe, maybe, async (one, two, three) => {
      const layer = (value: number | undefined) => (value === undefined ? {} : { threshold: value / 100 });
      await withFile(JSON.stringify({ configs: layer(three) }), async (overrideFile) => {
        const config = await resolve({ manifest: layer(one), args: layer(two), overrideFile });
        assert.equal(config.threshold, (three ?? two ?? one ?? 50) / 100);
      });
    }),
    { numRuns: 30 },
  );
});

Deno.test("an override file that cannot be used is an error that says why", async () => {
  const broken: [string | Uint8Array, RegExp][] = [
    ["{not json", /it must be JSON$/],
    ["", /it must be JSON$/],
    ["[1]", /it must be an object: current value is an array$/],
    ["null", /it must be an object: current value is null$/],
    ['{"config": {}}', /its "configs" must be an object: current value is missing$/],
    ['{"configs": null}', /its "configs" must be an object: current value is null$/],
    ['{"configs": [1]}', /its "configs" must be an object: current value is an array$/],
    [Uint8Array.of(0x7b, 0xff, 0x7d), /it must be a readable UTF-8 file$/],
  ];
  for (const [content, message] of broken) {
    await withFile(content, async (overrideFile) => {
      const place = { file: overrideFile };
      await assert.rejects(resolve({ overrideFile }), { code: "config.override_file", message, place });
    });
  }
  const missing = { code: "config.override_file", message: /must be a readable UTF-8 file$/ };
  await assert.rejects(resolve({ overrideFile: "/no/such/file.json" }), missing);
  await assert.rejects(resolve({ overrideFile: "/" }), missing);
});

Deno.test("every problem is told at once, with its path and value, and the file it came from", async () => {
  await withFile('{"configs": {"threshold": 7}}', async (overrideFile) => {
    const args = { verbose: "yes", featureNames: ["a", 3], tresholds: 1 };
    const error = await resolve({ args, overrideFile }).then(() => undefined, (reason) => reason);
    assert.ok(error instanceof DiagnosticsError);
    assert.equal(error.code, "config.invalid");
    const findings = error.diagnostics.map(({ code, message, file }) => ({ code, message, file }));
    assert.deepEqual(findings.sort((one, other) => (one.message < other.message ? -1 : 1)), [
      {
        code: "config.invalid",
        message: 'Cannot use option "featureNames.1" as it must be a string: current value is 3',
        file: undefined,
      },
      {
        code: "config.invalid",
        message: 'Cannot use option "threshold" as it must be at most 1: current value is 7',
        file: overrideFile,
      },
      {
        code: "config.unknown_option",
        message:
          'Cannot use option "tresholds" as the backend has no option of this name: did you mean "threshold"',
        file: undefined,
      },
      {
        code: "config.invalid",
        message: 'Cannot use option "verbose" as it must be a boolean: current value is "yes"',
        file: undefined,
      },
    ]);
    for (const { message } of findings) assert.ok(error.message.includes(message));
  });
});

Deno.test("names that objects inherit are data in options, at every depth", async () => {
  for (const key of TRICKY_KEYS) {
    const renameFields = Object.fromEntries([[key, "renamed"], ["a", key]]);
    assert.deepEqual((await resolve({ args: { renameFields } })).renameFields, renameFields);
    for (const depth of [1, 2, 3, 4]) {
      const limits = nestedUnder(key, depth, { polluted: 1 });
      await withFile(JSON.stringify({ configs: { limits } }), async (overrideFile) => {
        assert.deepEqual((await resolve({ args: { limits: {} }, overrideFile })).limits, limits);
      });
      assert.equal(Reflect.get({}, "polluted"), undefined);
    }
    const unknown = Object.fromEntries([[key, 1]]);
    await assert.rejects(resolve({ args: unknown }), {
      code: "config.unknown_option",
      message: new RegExp(`"${key}"`),
    });
  }
});

Deno.test("options nested too deep are refused rather than overflowing the stack", async () => {
  const args = { limits: nestedUnder("a", 20_000, 1) };
  await assert.rejects(resolve({ args }), { code: "config.invalid", message: /at most 512 levels/ });
});

Deno.test("checks of a schema that are asynchronous are awaited", async () => {
  const slow = BackendConfig.extend({
    model: z.string().refine((name) => Promise.resolve(name === "m.onnx")),
  });
  assert.equal((await resolveConfig(slow, { args: { model: "m.onnx" } })).model, "m.onnx");
  await assert.rejects(resolveConfig(slow, { args: { model: "x" } }), { code: "config.invalid" });
});

// The environment is shared by all tests of a process, so that this one asks a process of its own.
Deno.test("BACKEND_CONFIG_FILE_PATH names the override file, and an empty one names none", async () => {
  const module = new URL("../../lib/config/resolve_config.ts", import.meta.url).href;
  const schema = new URL("../../lib/config/backend_config.ts", import.meta.url).href;
  const code = `import { resolveConfig } from ${JSON.stringify(module)};
    import { BackendConfig } from ${JSON.stringify(schema)};
    console.log((await resolveConfig(BackendConfig, { args: { verbose: false } })).verbose);`;
  const ask = async (file: string) => {
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", "--config", config, "--allow-env", "--allow-read", "-"],
      env: { BACKEND_CONFIG_FILE_PATH: file, NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(code));
    await writer.close();
    const { stdout, stderr } = await child.output();
    return new TextDecoder().decode(stdout).trim() || new TextDecoder().decode(stderr);
  };
  await withFile('{"configs": {"verbose": true}}', async (file) => assert.equal(await ask(file), "true"));
  assert.equal(await ask(""), "false");
  assert.match(await ask("/no/such/file.json"), /Cannot use the options in "\/no\/such\/file.json"/);
});

Deno.test("an override that was read elsewhere counts like the file", async () => {
  const override = { file: "far.json", configs: { threshold: 0.9, limits: { high: 2 } } };
  const layers = { manifest: { threshold: 0.1, limits: { low: 3 } }, override };
  const { threshold, limits } = await resolveConfig(Schema, layers);
  assert.deepEqual([threshold, limits], [0.9, { low: 3, high: 2 }]);
  const wrong = { ...override, configs: { threshold: 7 } };
  await assert.rejects(resolveConfig(Schema, { override: wrong }), { place: { file: "far.json" } });
});
