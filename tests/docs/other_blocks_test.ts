/** Blocks of other languages in the docs: the programs that read them take them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { isObject } from "../../lib/base/json.ts";
import type { CodeBlock } from "../../scripts/docs/markdown_page.ts";
import { readPages } from "../../scripts/docs/read_pages.ts";
import { ROOT } from "../../scripts/run_deno.ts";
import { tempFolder } from "../helpers/temp_folder.ts";
import { parseYaml } from "../helpers/yaml.ts";

const blocks = (await readPages(ROOT)).flatMap(({ path, blocks }) =>
  blocks.map((block) => ({ ...block, page: path, place: `${path}:${block.line}` }))
);

/** Runs a program; undefined where there is none of that name. */
async function output(
  program: string,
  args: readonly string[],
): Promise<{ code: number; stderr: string } | undefined> {
  try {
    const { code, stderr } = await new Deno.Command(program, { args: [...args], stdin: "null" }).output();
    return { code, stderr: new TextDecoder().decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

const python = await output("python3", ["--version"]);
const systemd = await output("systemd-analyze", ["--version"]);

Deno.test({
  name: `Python in the docs is Python${python === undefined ? " (skipped: no python3)" : ""}`,
  ignore: python === undefined,
  async fn() {
    const found = blocks.filter(({ info }) => info === "py");
    assert.ok(found.length > 0);
    const parsed = found.map(({ text }) =>
      output("python3", ["-c", "import ast, sys; ast.parse(sys.argv[1])", text])
    );
    for (const [index, result] of (await Promise.all(parsed)).entries()) {
      assert.equal(result?.code, 0, `${found[index]?.place}\n${result?.stderr}`);
    }
  },
});

Deno.test({
  name: `unit files in the docs are such${systemd === undefined ? " (skipped: no systemd-analyze)" : ""}`,
  ignore: systemd === undefined,
  async fn() {
    const pages = Map.groupBy(blocks.filter(({ info }) => info === "ini"), ({ page }) => page);
    assert.ok(pages.size > 1);
    for (const [unit, ...changes] of pages.values()) {
      assert.ok(unit !== undefined);
      assert.deepEqual(await faults(unit, []), [], unit.place);
      assert.deepEqual(await faults(unit, changes), [], unit.place);
      assert.equal((await faults({ ...unit, text: `${unit.text}\n[Service]\nNoSuchKey=1` }, [])).length, 1);
    }
  },
});

Deno.test("YAML in the docs is YAML", () => {
  const found = blocks.filter(({ info }) => info === "yaml");
  assert.ok(found.length > 0);
  for (const { text, place } of found) assert.ok(isObject(parseYaml(text)), place);
});

/** What systemd says of a unit file, changed by what systemd calls drop-ins. */
async function faults({ text }: CodeBlock, changes: readonly CodeBlock[]): Promise<string[]> {
  await using folder = await tempFolder();
  const name = "packflow.service";
  // the program is not where the unit has it
  const withProgram = (unit: string) => unit.replaceAll(/^ExecStart=\S+/gm, "ExecStart=/bin/true");
  await Deno.writeTextFile(join(folder.path, name), withProgram(text));
  await Deno.mkdir(join(folder.path, `${name}.d`));
  for (const [index, change] of changes.entries()) {
    const dropIn = withProgram(change.text).replace(/^ExecStart=/m, "ExecStart=\nExecStart=");
    await Deno.writeTextFile(join(folder.path, `${name}.d`, `${index}.conf`), dropIn);
  }
  const said = await output("systemd-analyze", ["verify", "--man=no", join(folder.path, name)]);
  return said?.stderr.split("\n").filter((line) => line.includes(name)) ?? [];
}
