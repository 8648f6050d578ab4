/**
 * A real browser for tests: the system's Chromium, driven by playwright-core (https://playwright.dev, Apache-2.0),
 * and axe-core (https://github.com/dequelabs/axe-core, MPL-2.0), which finds what keeps people out of a page.
 */
import { join } from "node:path";
import { type Browser, chromium, type Page } from "npm:playwright-core@1.65.1";
import axe from "npm:axe-core@4.14.1";

export type { Browser, BrowserContext, BrowserContextOptions, Page } from "npm:playwright-core@1.65.1";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/**
 * The path of a Chromium, or undefined where this machine has none. With `CI=true` its lack is an error, unless
 * `PACKFLOW_NO_BROWSER` says that none can be installed. Call it at the top level of a test file: a lack is told
 * once, as an ignored test.
 */
export async function findBrowser(): Promise<string | undefined> {
  const named = Deno.env.get("PACKFLOW_CHROMIUM");
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  const paths = named === undefined
    ? NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
    : [named];
  for (const path of paths) {
    if ((await Deno.stat(path).catch(() => undefined))?.isFile) return path;
  }
  if (Deno.env.get("CI") === "true" && Deno.env.get("PACKFLOW_NO_BROWSER") === undefined) {
    throw new Error(
      `There is no browser: install chromium, or name one in PACKFLOW_CHROMIUM (${paths[0]}, ...)`,
    );
  }
  Deno.test.ignore("browser: SKIPPED as there is no chromium: install it or set PACKFLOW_CHROMIUM", () => {});
  return undefined;
}

/** Starts the browser without a window. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  // Chromium's own sandbox refuses to start as root; the only pages that are opened are ours
  const args = Deno.uid() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args });
}

/** What axe finds wrong with a page as it stands, by the rules of WCAG 2.2 AA and good practice. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate<{ id: string; nodes: { html: string; failureSummary: string }[] }[]>(
    "axe.run().then(({ violations }) => violations)",
  );
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}
