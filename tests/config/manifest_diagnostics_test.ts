import assert from "node:assert/strict";
import { parseJsonWithComments } from "../../lib/config/json_with_comments.ts";
import { Manifest } from "../../lib/config/manifest.ts";
import { manifestDiagnostics } from "../../lib/config/manifest_diagnostics.ts";

function diagnose(text: string) {
  const { root, value } = parseJsonWithComments(text);
  const parsed = Manifest.safeParse(value);
  return (parsed.error?.issues ?? []).flatMap((issue) =>
    manifestDiagnostics(issue, { text, file: "packflow.jsonc", root, value })
  );
}

Deno.test("each unknown key is a finding of its own, at the key", () => {
  const found = diagnose('{ "name": "demo", "Licence": "MIT",\n  "qqq": 1 }');
  assert.deepEqual(found.map(({ line, column }) => [line, column]), [[1, 19], [2, 3]]);
  assert.match(found[0]?.message ?? "", /did you mean "license"/);
  assert.match(found[1]?.message ?? "", /known keys are \$schema, name, version/);
});

Deno.test("an unknown key inside permissions is matched with the keys there", () => {
  const [found] = diagnose('{ "name": "demo", "permissions": { "reads": [] } }');
  assert.match(found?.message ?? "", /"permissions.reads" .* did you mean "read"/);
  assert.equal(found?.column, 36);
});

Deno.test("a key that breaks a rule is named at the key, without its value", () => {
  const [found] = diagnose('{ "name": "demo", "env": { "1A": "secret" } }');
  assert.equal(found?.column, 28);
  assert.match(found?.message ?? "", /"env.1A" .* must be named with letters/);
  assert.doesNotMatch(found?.message ?? "", /secret/);
});
