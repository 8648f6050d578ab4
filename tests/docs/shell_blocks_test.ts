/** What README and docs have their reader type works, and prints what they show. */
import { ROOT } from "../../scripts/run_deno.ts";
import { readPages } from "../../scripts/docs/read_pages.ts";
import { runPage } from "../helpers/doc_session.ts";
import { type DocStep, docSteps } from "../helpers/doc_steps.ts";
import { isInstalled } from "../helpers/is_installed.ts";

/** Pages run side by side, as each waits much of its time for one process. */
const AT_ONCE = 2;

const pages = (await readPages(ROOT))
  .filter(({ path }) => /^(README\.md|docs\/.*|templates\/.*\/README\.md)$/.test(path))
  .map((page) => ({ path: page.path, steps: [...firstStep(page.path), ...docSteps(page)] }))
  .filter(({ steps }) => steps.some(({ line }) => line > 0));

/** The reader of a template's page has made a project of it. */
function firstStep(path: string): DocStep[] {
  const template = /^templates\/([^/]+)\//.exec(path)?.[1];
  if (template === undefined) return [];
  const commands = `packflow create mine --template ${template}\ncd mine`;
  return [{ kind: "run", line: 0, commands, isBackground: false, mustFail: false, needs: [] }];
}

/** Runs begin in the order of the tests, some ahead of the test that waits for them. */
const running = new Map<string, Promise<unknown>>();

async function outcome(path: string): Promise<void> {
  const index = pages.findIndex((page) => page.path === path);
  for (const page of pages.slice(index, index + AT_ONCE)) {
    // a page that fails ahead of its own test is told by that test
    if (!running.has(page.path)) {
      running.set(page.path, runPage(page.path, page.steps).then(() => undefined, (error) => error));
    }
  }
  const error = await running.get(path);
  if (error !== undefined) throw error;
}

const missing = (steps: readonly DocStep[]): string[] =>
  steps.flatMap((step) => step.kind === "run" ? step.needs : []).filter((name) => !isInstalled(name));

for (const { path, steps } of pages) {
  const lacks = Deno.build.os === "windows" ? ["sh"] : missing(steps);
  Deno.test({
    name: `${path} has the reader type what works${
      lacks.length === 0 ? "" : ` (skipped: no ${lacks.join(", ")})`
    }`,
    ignore: lacks.length > 0 && (Deno.env.get("CI") !== "true" || Deno.build.os === "windows"),
    // its processes go on while other tests run
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () => outcome(path),
  });
}
