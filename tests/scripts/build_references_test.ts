import assert from "node:assert/strict";
import { ERROR_CODES } from "../../lib/base/error_codes.ts";
import { commandTable } from "../../lib/cli/command_table.ts";
import { cliReference } from "../../scripts/references/cli_reference.ts";
import { configurationReference } from "../../scripts/references/configuration_reference.ts";
import { errorsReference } from "../../scripts/references/errors_reference.ts";
import { prose } from "../../scripts/references/markdown.ts";

Deno.test("the reference of commands has each with its options, choices, defaults and examples", async () => {
  const text = await cliReference();
  for (const { name, options, after } of await commandTable()) {
    assert.ok(text.includes(`\n## ${name}\n`), name);
    assert.ok(text.includes(after), name);
    for (const { flags } of options) assert.ok(text.includes(`| \`${flags}\` |`), flags);
  }
  assert.match(text, /\| `--on-error <POLICY>` \| [^|]*: `fail`, `skip`, `emit` \| `fail` \|/);
  assert.ok(text.includes("The same as `packflow export`."));
});

Deno.test("the reference of the configuration has every key and option with type and default", () => {
  const text = configurationReference();
  assert.match(text, /\| `name` \| string \| must be there \|/);
  assert.match(text, /\| `run.workers` \| whole number from 1 \| {2}\|/);
  assert.match(text, /\| `permissions.net` \| array of strings \|/);
  assert.match(text, /\| `inputFormat` \| `"passthrough"`, `"records"`, `"tensor"` \| `"records"` \|/);
  assert.match(text, /\| `model` \| string \| must be there \|/);
  assert.match(text, /\| `threads` \| whole number from 1 to 256 \| `1` \|/);
  // the options of OnnxBackend that are those of every backend stand there once
  assert.equal(text.match(/^\| `verbose` /gm)?.length, 1);
  assert.equal(text.match(/^\| `onMissing` /gm)?.length, 2);
});

Deno.test("the reference of errors says of each code what packflow explain says", () => {
  const text = errorsReference();
  for (const [code, { cause, remedy }] of Object.entries(ERROR_CODES)) {
    const part = `### \`${code}\`\n\n${prose(cause)}\n\nRemedy: ${prose(remedy)}\n`;
    assert.ok(text.includes(part), code);
  }
});

Deno.test("prose reads as the text does, whatever stands in it", () => {
  assert.equal(prose("a_b *c* <FILE> [d] `e` x|y\nz"), "a\\_b \\*c\\* \\<FILE\\> \\[d\\] \\`e\\` x\\|y z");
  assert.throws(() => prose("{{name}}"), /template/);
});
