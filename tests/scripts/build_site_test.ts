import assert from "node:assert/strict";
import { join } from "node:path";
import { siteConfig, siteFiles } from "../../scripts/build_site.ts";
import { ROOT } from "../../scripts/run_deno.ts";
import { sitePage, sitePath } from "../../scripts/site/site_page.ts";
import { PAGES, SECTIONS } from "../../site/pages.ts";

const PAGE_SET = new Set(["docs/index.md", "docs/run.md", "docs/decisions/0001_layers.md", "SECURITY.md"]);

function page(path: string, text: string): string {
  return sitePage(path, text, { pages: PAGE_SET }).text;
}

Deno.test("puts docs at the root of the site, and other files beside them", () => {
  assert.equal(sitePath("docs/run.md"), "run.md");
  assert.equal(sitePath("docs/decisions/0001_layers.md"), "decisions/0001_layers.md");
  assert.equal(sitePath("SECURITY.md"), "security.md");
});

Deno.test("leads links to where pages stand in the site, anchors kept", () => {
  assert.equal(page("SECURITY.md", "[a](docs/run.md#order)"), "[a](/run.md#order)");
  assert.equal(
    page("docs/run.md", "[a](../SECURITY.md), [b](index.md)"),
    "[a](/security.md), [b](/index.md)",
  );
  assert.equal(page("docs/decisions/0001_layers.md", "[a](../run.md)"), "[a](/run.md)");
  assert.equal(page("docs/run.md", "[a](decisions/0001_layers.md)"), "[a](/decisions/0001_layers.md)");
});

Deno.test("leaves links within a page, to elsewhere, and in code as they are", () => {
  for (
    const text of ["[a](#order)", "[a](https://deno.com)", "```md\n[a](run.md)\n```", "![a](images/a.svg)"]
  ) {
    assert.equal(page("docs/run.md", text), text);
  }
});

Deno.test("keeps the text of a link to a file that is no page", () => {
  assert.equal(page("docs/run.md", "the [reader](../tests/read.py) and `code`"), "the reader and `code`");
});

Deno.test("lists pages that there are, each once, and every file of docs", async () => {
  const paths = PAGES.map(({ path }) => path);
  assert.equal(new Set(paths).size, paths.length);
  for (const path of paths) assert.ok((await Deno.stat(join(ROOT, path))).isFile, path);
  const known = new Set(await siteFiles(ROOT));
  for await (const { name, isFile } of Deno.readDir(join(ROOT, "docs"))) {
    if (isFile) assert.ok(known.has(`docs/${name}`), `docs/${name} is not in site/pages.ts`);
  }
});

Deno.test("has a side bar with every section, and addresses below the base", () => {
  const { head, themeConfig } = siteConfig("/packflow/");
  assert.deepEqual(themeConfig.sidebar.map(({ text }) => text), SECTIONS.map(({ title }) => title));
  assert.deepEqual(themeConfig.sidebar[0]?.items.slice(0, 2), [
    { text: "What Packflow is", link: "/" },
    { text: "Quick start", link: "/quick-start" },
  ]);
  assert.match(JSON.stringify(head), /"\/packflow\/logo\.svg"/);
});

Deno.test("needs the very version of the tool that it names", async () => {
  const { devDependencies } = JSON.parse(await Deno.readTextFile(join(ROOT, "site/package.json")));
  const source = await Deno.readTextFile(join(ROOT, "scripts/build_site.ts"));
  assert.ok(source.includes(`"npm:vitepress@${devDependencies.vitepress}"`));
});

Deno.test("gives headings the anchors that they have on GitHub", () => {
  assert.equal(
    page("docs/run.md", "## When events fail\n\n### `backend.hook_failed`\n"),
    "## When events fail {#when-events-fail}\n\n### `backend.hook_failed` {#backendhook_failed}\n",
  );
  assert.equal(page("docs/run.md", "## Run\n\n### Run\n"), "## Run {#run}\n\n### Run {#run-1}\n");
  assert.equal(page("docs/run.md", "```sh\n# a comment\n```"), "```sh\n# a comment\n```");
});
