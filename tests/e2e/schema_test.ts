/** The columns of a project's answers, as other programs take them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { packflowTests } from "../helpers/packflow.ts";

const test = await packflowTests();

const ERROR = "`error` STRUCT<`code`: STRING, `message`: STRING>";

test("a model tells the columns of its answers", async (packflow, cwd) => {
  await packflow.run(["create", "mine", "--template", "onnx"], { cwd });
  const schema = async (...args: string[]) =>
    (await packflow.run(["schema", "mine", ...args], { cwd })).stdout;
  const [ddl, kept, chosen, json] = await Promise.all([
    schema("--format", "spark"),
    schema("--format", "spark", "--keep", "https,page.url=url"),
    schema("--format", "spark", "--output-keys", "probabilities,label"),
    schema("--format", "spark-json"),
  ]);
  assert.equal(ddl, `\`label\` BIGINT, \`probabilities\` ARRAY<FLOAT>, ${ERROR}\n`);
  assert.equal(kept, `\`https\` DOUBLE, \`url\` STRING, ${ddl}`);
  assert.equal(chosen, `\`probabilities\` ARRAY<FLOAT>, \`label\` BIGINT, ${ERROR}\n`);
  const { type, fields } = JSON.parse(json);
  assert.deepEqual([type, fields.length, fields[0]], [
    "struct",
    3,
    { name: "label", type: "long", nullable: true, metadata: {} },
  ]);
});

test("code tells them by its answers to the project's events, or to others", async (packflow, cwd) => {
  const folder = join(cwd, "coded");
  await Deno.mkdir(folder);
  await Deno.writeTextFile(join(folder, "packflow.jsonc"), '{ "name": "coded" }');
  await Deno.writeTextFile(
    join(folder, "inference.ts"),
    `import { InferenceBackend, type Records } from "packflow";
export class Backend extends InferenceBackend {
  override execute(events: Records) {
    return events.map((event) => ({ ...event, error: "none" }));
  }
}
`,
  );
  const schema = ["schema", "coded", "--format", "spark"];
  const { stderr } = await packflow.run(schema, { cwd, code: 2 });
  assert.match(stderr, /without events as "golden\.ndjson" has none \[usage\.invalid\]\n {2}help: .*--input/);
  await Deno.writeTextFile(
    join(folder, "events.ndjson"),
    '{"a":1,"list":[{"b":true}]}\n{"a":null,"c":"x"}\n',
  );
  await Deno.writeTextFile(join(cwd, "others.ndjson"), '{"a":"text"}\n');
  const [own, others] = await Promise.all([
    packflow.run(schema, { cwd }),
    packflow.run([...schema, "--input", "others.ndjson"], { cwd }),
  ]);
  // an "error" of the answer's own stands as it is
  assert.equal(
    own.stdout,
    "`a` DOUBLE, `list` ARRAY<STRUCT<`b`: BOOLEAN>>, `error` STRING, `c` STRING\n",
  );
  assert.equal(others.stdout, "`a` STRING, `error` STRING\n");
});

test("what cannot be told is an error that says why", async (packflow, cwd) => {
  await packflow.run(["create", "mine", "--template", "onnx"], { cwd });
  const refused = async (...args: string[]) =>
    (await packflow.run(["schema", ...args], { cwd, code: "any" })).stderr;
  const [alone, bare, other, key] = await Promise.all([
    refused("--format", "spark"),
    refused("mine"),
    refused("mine", "--format", "avro"),
    refused("mine", "--format", "spark", "--output-keys", "lable"),
  ]);
  for (const stderr of [alone, bare]) assert.match(stderr, /PROJECT and --format must be given together/);
  assert.match(other, /spark, spark-json/);
  assert.match(key, /"lable" \(did you mean "label"\?\)/);
});
