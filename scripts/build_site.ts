/**
 * `deno task site`: makes dist/site, the documentation as a static site, of the Markdown files that site/pages.ts
 * lists, with VitePress, and the reference of the SDK with `deno doc`. Needs the npm registry the first time.
 *
 * Options: --serve shows it at http://127.0.0.1:4173, --base=/PATH/ is for a site that does not stand at a server's root.
 */
import { dirname, extname, join } from "node:path";
import { PAGES, SECTIONS } from "../site/pages.ts";
import { ROOT, runDeno } from "./run_deno.ts";
import { writeSdkReference } from "./sdk_reference.ts";
import { sitePage, sitePath } from "./site/site_page.ts";

/** Where it is built; emptied each time, but for what the tool installs. */
const WORK = join(ROOT, "dist/site_build");
const SITE = join(ROOT, "dist/site");
const PORT = 4173;

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/** Every file of the site, by its path from the repository's folder: those of the side bar, and the decisions. */
export async function siteFiles(root: string): Promise<string[]> {
  const files = PAGES.map(({ path }) => path);
  for await (const { name } of Deno.readDir(join(root, "docs/decisions"))) {
    const path = `docs/decisions/${name}`;
    if (!files.includes(path)) files.push(path);
  }
  return files.sort();
}

/** The configuration of VitePress. */
export function siteConfig(base: string) {
  return {
    title: "Packflow",
    description: "Take machine-learning models into production on streams of events",
    lang: "en-GB",
    base,
    srcDir: "pages",
    outDir: SITE,
    head: [["link", { rel: "icon", href: `${base}logo.svg`, type: "image/svg+xml" }]],
    markdown: { languageAlias: { ndjson: "jsonl" } },
    themeConfig: {
      logo: "/logo.svg",
      search: {
        provider: "local",
        options: { miniSearch: { searchOptions: { combineWith: "AND", fuzzy: 0.1 } } },
      },
      outline: [2, 3],
      nav: [
        { text: "Quick start", link: "/quick-start" },
        { text: "Commands", link: "/reference/cli" },
        // made by deno doc: no page of VitePress, whose router must leave it alone
        { text: "SDK", link: "/sdk/index.html", target: "_self" },
      ],
      sidebar: SECTIONS.map(({ title, pages }) => ({
        text: title,
        items: pages.map(({ title, path }) => ({ text: title, link: pageLink(path) })),
      })),
    },
  };
}

function pageLink(path: string): string {
  return `/${sitePath(path).replace(/(index)?\.md$/, "")}`;
}

async function buildSite(base: string): Promise<void> {
  for (const path of [SITE, join(WORK, "pages"), join(WORK, ".vitepress")]) {
    await Deno.remove(path, { recursive: true }).catch(ignoreMissing);
  }
  await writePages();
  await write(".vitepress/config.js", `export default ${JSON.stringify(siteConfig(base))};\n`);
  await write(
    ".vitepress/theme/index.js",
    // the theme first, so that our style comes after its own
    'export { default } from "vitepress/theme-without-fonts";\nimport "./style.css";\n',
  );
  await copy("site/style.css", ".vitepress/theme/style.css");
  await write("deno.json", '{ "nodeModulesDir": "auto" }\n');
  for (const name of ["package.json", "deno.lock"]) await copy(`site/${name}`, name);
  await runDeno(["install", "--frozen"], { cwd: WORK });
  await runDeno(["run", "--allow-all", "npm:vitepress@1.6.4", "build", "."], { cwd: WORK });
  await writeSdkReference(join(SITE, "sdk"));
}

async function writePages(): Promise<void> {
  const files = await siteFiles(ROOT);
  for (const file of files) {
    const page = sitePage(file, await Deno.readTextFile(join(ROOT, file)), { pages: new Set(files) });
    await write(`pages/${page.path}`, page.text);
  }
  await copy("site/logo.svg", "pages/public/logo.svg");
  for await (const { name } of Deno.readDir(join(ROOT, "docs/images"))) {
    await copy(`docs/images/${name}`, `pages/images/${name}`);
  }
}

async function write(path: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(join(WORK, path)), { recursive: true });
  await Deno.writeTextFile(join(WORK, path), text);
}

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(dirname(join(WORK, to)), { recursive: true });
  await Deno.copyFile(join(ROOT, from), join(WORK, to));
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** Answers requests for the site's files, to this machine only. */
function serveSite(): void {
  Deno.serve({ hostname: "127.0.0.1", port: PORT }, async (request) => {
    const { pathname } = new URL(request.url);
    const asked = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    for (const path of [asked, `${asked}.html`]) {
      // a parsed address has no dots left that lead out
      const body = await Deno.readFile(join(SITE, path)).catch(() => undefined);
      const type = TYPES[extname(path)] ?? "application/octet-stream";
      if (body !== undefined) return new Response(body, { headers: { "content-type": type } });
    }
    return new Response("There is no such page.\n", { status: 404 });
  });
}

if (import.meta.main) {
  const base = Deno.args.find((arg) => arg.startsWith("--base="))?.slice("--base=".length) ?? "/";
  await buildSite(base);
  console.log("Made dist/site. See it with deno task site --serve, or with any server of static files.");
  if (Deno.args.includes("--serve")) serveSite();
}
