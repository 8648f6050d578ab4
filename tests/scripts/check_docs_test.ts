import assert from "node:assert/strict";
import { join } from "node:path";
import { commandTable } from "../../lib/cli/command_table.ts";
import { blocks } from "../../scripts/docs/block_checks.ts";
import { links, reachable } from "../../scripts/docs/link_checks.ts";
import { anchorOf, type MarkdownPage, readPage } from "../../scripts/docs/markdown_page.ts";
import { documented, namedCodes, namedCommands, variables } from "../../scripts/docs/name_checks.ts";
import { readPages } from "../../scripts/docs/read_pages.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const table = await commandTable();
const CODES = ["event.missing_field", "config.invalid"];

function page(...lines: readonly string[]): MarkdownPage {
  return readPage("docs/page.md", lines.join("\n"));
}

Deno.test("a page is read into prose, blocks with what marks them, links and headings", () => {
  const { blocks, prose, links, headings } = page(
    "# A `title`",
    "See [one](one.md#part), `[no](link.md)` and [two][2].",
    "<!-- needs: curl -->",
    "<!-- first: mkdir a",
    "cd a -->",
    "",
    "```sh",
    "# [in](code.md)",
    "```",
    "- item",
    "",
    "  ```json",
    "  { }",
    "  ```",
    "[2]: two.md",
    '<img src="three.svg">',
  );
  assert.deepEqual(headings, ["A `title`"]);
  assert.deepEqual(links, [
    { target: "one.md#part", line: 2 },
    { target: "two.md", line: 15 },
    { target: "three.svg", line: 16 },
  ]);
  assert.equal(prose.length, 16);
  assert.deepEqual(blocks, [
    {
      info: "sh",
      text: "# [in](code.md)",
      line: 7,
      marks: new Map([["needs", "curl"], ["first", "mkdir a\ncd a"]]),
    },
    { info: "json", text: "{ }", line: 12, marks: new Map() },
  ]);
});

Deno.test("anchors are those of GitHub", () => {
  const headings = [
    "`packflow create NAME --from MODEL.onnx`",
    "MANIFEST.json",
    "What a [reader](x.md) must",
    "Größe: 1",
  ];
  assert.deepEqual(headings.map(anchorOf), [
    "packflow-create-name---from-modelonnx",
    "manifestjson",
    "what-a-reader-must",
    "größe-1",
  ]);
});

Deno.test("links lead to files, folders and headings that are there", async () => {
  await using folder = await tempFolder();
  await Deno.mkdir(join(folder.path, "docs", "sub"), { recursive: true });
  await Deno.writeTextFile(
    join(folder.path, "docs", "a.md"),
    "# A part\n[self](#a-part) [b](../b.md#b) [sub](sub) [web](https://example.org)\n" +
      "[1](none.md) [2](../b.md#none) [3](#none) [4](/docs/a.md) [5](https://)\n",
  );
  await Deno.writeTextFile(join(folder.path, "b.md"), "# B\n");
  await Deno.mkdir(join(folder.path, "templates"));
  const problems = await links(folder.path, await readPages(folder.path));
  assert.deepEqual(problems, [
    "docs/a.md:3 links to none.md, which does not exist",
    "docs/a.md:3 links to ../b.md#none, a heading that is not there",
    "docs/a.md:3 links to #none, a heading that is not there",
    "docs/a.md:3 links to /docs/a.md, which GitHub does not find: write it relative to the page",
    "docs/a.md:3 links to https://, which is no address",
  ]);
});

Deno.test("every page is reached from the index and stands in the side bar", () => {
  const pages = [
    readPage("docs/index.md", "[a](a.md#x)"),
    readPage("docs/a.md", "[decisions](decisions/one.md)"),
    readPage("docs/decisions/one.md", ""),
    readPage("docs/lost.md", "[a](a.md)"),
    readPage("README.md", "[lost](docs/lost.md)"),
  ];
  assert.deepEqual(reachable(pages, ["docs/index.md", "docs/a.md", "docs/gone.md"]), [
    "docs/lost.md cannot be reached from docs/index.md",
    "docs/lost.md is not in the side bar of site/pages.ts",
    "docs/gone.md of site/pages.ts does not exist",
  ]);
});

Deno.test("commands and options that pages name are there", () => {
  const good = page(
    "`packflow run --workers 2 < x`, `--on-error`, `packflow export`, `packflow:OnnxBackend`, `deno --foo`",
    "The packflow team, and --dashes in prose.",
    "```sh",
    "packflow test --update # not --updated",
    "A=1 packflow sign x | grep --color y && packflow --help",
    "```",
    "```console",
    "$ packflow doctor",
    "packflow frobnicate --no",
    "```",
    "```ini",
    "ExecStart=/usr/bin/packflow run x --follow",
    "Other=--nothing",
    "```",
    "```dockerfile",
    'ENTRYPOINT ["/packflow", "serve", "x.tar.gz", "--host", "0.0.0.0"]',
    'CMD ["--port", "80"]',
    "```",
  );
  assert.deepEqual(namedCommands([good], table), []);
  const bad = page(
    "`packflow rum`",
    "`packflow sign --workers 2` and `--wokers`",
    "```sh",
    "x | packflow test --frob",
    "```",
    "```ini",
    "ExecStart=/bin/packflow rum --folow",
    "```",
    "```dockerfile",
    'ENTRYPOINT ["/packflow", "run", "--hots"]',
    "```",
  );
  assert.deepEqual(namedCommands([bad], table), [
    "docs/page.md:1 names the command packflow rum, which is not there",
    "docs/page.md:2 names the option --workers, which is not there",
    "docs/page.md:2 names the option --wokers, which is not there",
    "docs/page.md:4 names the option --frob, which is not there",
    "docs/page.md:7 names the command packflow rum, which is not there",
    "docs/page.md:7 names the option --folow, which is not there",
    "docs/page.md:10 names the option --hots, which is not there",
  ]);
});

Deno.test("error codes that pages name are there, and files or fields are no codes", () => {
  const text = page("`event.missing_field`, `config.json`, `event.size`, `other.missing_field`");
  assert.deepEqual(namedCodes([text], CODES), []);
  assert.deepEqual(namedCodes([page("`event.mising_field`", "`config.invlid`")], CODES), [
    "docs/page.md:1 names the error code event.mising_field, which is not there",
    "docs/page.md:2 names the error code config.invlid, which is not there",
  ]);
});

Deno.test("every command, option and code is in the references, and every command in a guide", () => {
  const [command] = table;
  assert.ok(command !== undefined);
  const facts = { table: [command], codes: CODES.slice(0, 1) };
  const options = command.options.map(({ flags }) => `\`${flags}\``);
  const reference = readPage(
    "docs/reference/x.md",
    ["# All", `## ${command.name}`, "", ...options, "`event.missing_field`"].join("\n"),
  );
  const guide = page(`Use \`packflow ${command.name}\`.`);
  assert.deepEqual(documented([reference, guide], facts), []);
  const missing = documented([readPage("docs/reference/x.md", "")], facts);
  assert.equal(missing.length, 1 + options.length + 1 + 1);
  assert.equal(missing.at(-1), `No page beside the reference says what packflow ${command.name} is for`);
});

Deno.test("environment variables that are read are documented, and no other", () => {
  assert.deepEqual(variables(['getEnv("ONE")', 'const X_VARIABLE = "TWO";'], ["TWO", "THREE"]), [
    "ONE is read, but not documented",
    "THREE is documented, but never read",
  ]);
});

Deno.test("a block is run, checked, or says why not", () => {
  const problems = (...lines: readonly string[]) =>
    blocks([page(...lines)]).map((text) => text.replace("docs/page.md:", ""));
  const block = (info: string, text: string) => [`\`\`\`${info}`, text, "```"];
  assert.deepEqual(problems(...block("sh", "true"), ...block("ts", "1"), ...block("", "text")), []);
  assert.deepEqual(problems(...block("jsonc", '{ "name": "x", /* of it */ "run": { "workers": 1 }, }')), []);
  assert.deepEqual(problems(...block("json", '{ "schema": "packflow.verify/1", "ok": true }')), []);
  assert.deepEqual(problems("<!-- not ours: an answer of a server -->", ...block("json", '{ "a": 1 }')), []);
  assert.deepEqual(problems("<!-- file: a.ts -->", ...block("ts ignore", "1")), []);
  assert.deepEqual(problems("<!-- not run -->", ...block("sh", "x")), [
    "2 must say why it is not run, in a few words",
  ]);
  assert.deepEqual(problems(...block("ts ignore", "x")), [
    "1 is ignored: mark it with a comment file: or not run:",
  ]);
  assert.deepEqual(problems(...block("bash", "x")), [
    "1 must be marked sh, or console where it shows output",
  ]);
  assert.deepEqual(problems(...block("cobol", "x")), ["1 is of no known kind: cobol"]);
  assert.match(problems(...block("json", '{ "a": 1 }'))[0] ?? "", /neither from packflow.jsonc nor printed/);
  assert.match(
    problems(...block("json", '{ "run": 1 }'))[0] ?? "",
    /not as packflow.jsonc must be: .*object/,
  );
  assert.match(problems(...block("json", '{ "run": '))[0] ?? "", /is not JSON/);
  assert.match(problems(...block("json", "[]"))[0] ?? "", /no object/);
  const elsewhere = readPage("SECURITY.md", block("sh", "x").join("\n"));
  assert.deepEqual(blocks([elsewhere]), ["SECURITY.md:1 is not run: only blocks of docs are"]);
});
