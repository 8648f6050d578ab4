import assert from "node:assert/strict";
import { type Diagnostic, DiagnosticsError } from "../../lib/base/diagnostic.ts";
import { parseManifest } from "../../lib/config/parse_manifest.ts";

/** The findings of a manifest that must be refused. */
function findings(text: string): readonly Diagnostic[] {
  try {
    parseManifest(text, "packflow.jsonc");
  } catch (error) {
    assert.ok(error instanceof DiagnosticsError, String(error));
    assert.equal(error.code, "manifest.invalid");
    return error.diagnostics;
  }
  assert.fail(`not refused: ${text}`);
}

Deno.test("parseManifest fills in defaults", () => {
  assert.deepEqual(parseManifest('{ "name": "demo" }', "packflow.jsonc"), {
    name: "demo",
    version: "0.1.0",
    description: "",
    maintainers: [],
    backend: "inference.ts:Backend",
    config: {},
    run: {},
    include: [],
    exclude: [],
    env: {},
    permissions: {},
    extra: {},
  });
});

Deno.test("parseManifest reads every key, comments and trailing commas", () => {
  const text = `// A model
  {
    "$schema": "./.packflow/schema.json",
    "name": "demo-model_2", "version": "1.2.3-rc.1+build.5", "description": "Does things",
    "maintainers": ["Ada"], "license": "Apache-2.0",
    "backend": "packflow:OnnxBackend",
    "config": { "model": "model.onnx", "__proto__": 1 },
    "include": ["data/*"], "exclude": ["*.log"],
    "env": { "MODE": "fast" },
    "permissions": { "net": ["api.example.org:443"], "read": [], "env": ["HOME"] },
    "extra": { "team": { "blue": [1, null] } },
  }`;
  const manifest = parseManifest(text, "packflow.jsonc");
  assert.equal(manifest.version, "1.2.3-rc.1+build.5");
  assert.equal(JSON.stringify(manifest.config), '{"model":"model.onnx","__proto__":1}');
  assert.deepEqual(manifest.permissions, { net: ["api.example.org:443"], read: [], env: ["HOME"] });
  assert.deepEqual(manifest.extra, { team: { blue: [1, null] } });
});

Deno.test("parseManifest tells every problem at once, in the order of the file, with line and column", () => {
  const text = `{
  "nmae": "demo",
  "version": 1.5,
  "maintainers": ["a", 2],
  "env": { "A": 1, "B C": "x" },
  "permissions": { "nett": [] },
  "config": []
}`;
  const places = findings(text).map(({ code, line, column }) => `${code} ${line}:${column}`);
  assert.deepEqual(places, [
    "manifest.invalid 1:1",
    "manifest.unknown_key 2:3",
    "manifest.invalid 3:14",
    "manifest.invalid 4:24",
    "manifest.invalid 5:17",
    "manifest.invalid 5:20",
    "manifest.unknown_key 6:20",
    "manifest.invalid 7:13",
  ]);
});

Deno.test("messages name the key, the rule and the current value; slips have a remedy", () => {
  const [missing, unknown, version, env] = findings('{\n"nmae": "x",\n"version": 1.5,\n"env": {"A": true} }');
  assert.equal(missing?.message, 'Cannot read packflow.jsonc as "name" must be there: it is missing');
  assert.equal(
    unknown?.message,
    'Cannot read "nmae" of packflow.jsonc as there is no such key: did you mean "name"',
  );
  assert.equal(
    version?.message,
    'Cannot read "version" of packflow.jsonc as it must be a string: current value is 1.5',
  );
  assert.equal(version?.remedy, 'Write three numbers in quotes, such as "1.0.0"');
  assert.match(
    env?.message ?? "",
    /"env.A" .* must be a string: put the value in quotes: current value is true/,
  );
  assert.equal(env?.remedy, 'Put the value in quotes: "true"');
});

Deno.test("the error itself says all of it, and where the first problem is", () => {
  assert.throws(() => parseManifest('{ "name": 1,\n "x": 2 }', "packflow.jsonc"), (error) => {
    assert.ok(error instanceof DiagnosticsError);
    assert.match(
      error.message,
      /^Cannot read packflow.jsonc as it has 2 problems:\n {2}1:11 Cannot.*\n {2}2:2 Cannot/,
    );
    assert.deepEqual(error.place, { file: "packflow.jsonc", line: 1, column: 11 });
    return true;
  });
});

Deno.test("after a syntax error only what is sure is told", () => {
  const found = findings('{\n  "name": "demo"\n  "version": 3\n}');
  assert.deepEqual(found.map(({ code, line, column }) => [code, line, column]), [["manifest.syntax", 3, 3]]);
});

Deno.test("a duplicate key is told along with other problems", () => {
  const found = findings('{ "name": "a", "name": "b", "license": "" }');
  assert.deepEqual(found.map(({ code }) => code), ["manifest.duplicate_key", "manifest.invalid"]);
});

Deno.test("a text that is no object is refused", () => {
  for (const text of ["", "// nothing", "[]", "null", "5", '"x"']) {
    assert.equal(findings(text).length, 1, text);
  }
});

Deno.test("a long value is shown shortened", () => {
  const [found] = findings(JSON.stringify({ name: "x".repeat(500) }));
  assert.ok((found?.message.length ?? 0) < 250, found?.message);
});

Deno.test("parseManifest takes settings of runs, and refuses what cannot be one", () => {
  const run = { batchSize: 64, workers: 1 };
  assert.deepEqual(parseManifest(JSON.stringify({ name: "demo", run }), "packflow.jsonc").run, run);
  const messages = [{ batchSize: 0 }, { workers: 1.5 }, { batchsize: 8 }, 8].flatMap((run) =>
    findings(JSON.stringify({ name: "demo", run })).map(({ message }) => message)
  );
  assert.equal(messages.length, 4);
  assert.match(messages[0] ?? "", /"run\.batchSize".* at least 1/);
  assert.match(messages[1] ?? "", /"run\.workers".* whole number/);
  assert.match(messages[2] ?? "", /"run\.batchsize".* did you mean "batchSize"/);
  assert.match(messages[3] ?? "", /"run".* must be an object/);
});
