/** Backends on a page: the bundle of scripts/build_browser.ts in a real browser, as docs/browser.md says. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Device } from "../../mod.ts";
import { buildBrowser } from "../../scripts/build_browser.ts";
import { ROOT } from "../../scripts/run_deno.ts";
import { type Browser, findBrowser, launchBrowser, type Page } from "../helpers/browser.ts";
import { withModelBackend } from "../helpers/model_backend.ts";
import { modelFixture } from "../helpers/model_fixture.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const executable = await findBrowser();

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  mjs: "text/javascript",
  wasm: "application/wasm",
};
/** What a page must come with before its threads may share memory. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};
/** Events of a fixture that are compared. */
const EVENTS = 20;
const RUNTIME = "/ort.wasm.bundle.min.mjs";

/** A page of a server that has the bundle and two models. */
interface Visit {
  readonly page: Page;
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** What the page told the console, and what it did not catch. */
  readonly said: string[];
}

/** Made once for all tests, which only read it. */
const site: { folder?: Awaited<ReturnType<typeof tempFolder>>; browser?: Browser } = {};

Deno.test.beforeAll(async () => {
  site.folder = await tempFolder();
  await writeSite(site.folder.path);
  if (executable !== undefined) site.browser = await launchBrowser(executable);
});

Deno.test.afterAll(async () => {
  await site.browser?.close();
  await site.folder?.[Symbol.asyncDispose]();
});

/** Registers a test that opens an empty page of such a server. */
function testPage(
  name: string,
  run: (visit: Visit) => Promise<void>,
  headers: Readonly<Record<string, string>> = {},
): void {
  Deno.test({
    name,
    ignore: executable === undefined,
    // the browser is there before and after it
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const asked: string[] = [];
      await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
        const { pathname } = new URL(request.url);
        asked.push(pathname);
        return answer(join(site.folder?.path ?? "", pathname), headers);
      });
      const url = `http://127.0.0.1:${server.addr.port}`;
      const page = await site.browser?.newPage();
      assert.ok(page !== undefined);
      try {
        const said: string[] = [];
        page.on("console", (message) => said.push(message.text()));
        page.on("pageerror", (error) => said.push(error.message));
        await page.goto(`${url}/empty.html`);
        await run({ page, url, asked, said });
      } finally {
        await page.close();
      }
    },
  });
}

async function answer(path: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  const bytes = await Deno.readFile(path).catch(() => undefined);
  if (bytes === undefined) return new Response(null, { status: 404 });
  const type = TYPES[path.replace(/^.*\./, "")] ?? "application/octet-stream";
  return new Response(bytes, { headers: { "content-type": type, ...headers } });
}

async function writeSite(folder: string): Promise<void> {
  await buildBrowser(folder);
  for (const [name, place] of [["digits", "digits"], ["phishing", "model"]] as const) {
    await Deno.mkdir(join(folder, place));
    await Deno.copyFile(
      join((await modelFixture(name)).folder, "model.onnx"),
      join(folder, place, "model.onnx"),
    );
  }
  await Deno.writeTextFile(join(folder, "empty.html"), '<!doctype html><link rel="icon" href="data:,">');
  const guide = await Deno.readTextFile(join(ROOT, "docs", "browser.md"));
  await Deno.writeTextFile(join(folder, "guide.html"), guide.split("```html\n")[1]?.split("```")[0] ?? "");
}

/** Runs code in the page with the SDK as `packflow`, and `given`; it ends in a value that JSON can carry. */
async function inPage({ page, url }: Visit, code: string, given: unknown = null): Promise<unknown> {
  const text: unknown = await page.evaluate(
    `(async (given) => {
      const packflow = await import("${url}/packflow.js");
      const run = async () => { ${code} };
      return JSON.stringify(await run().catch(({ code, message }) => ({ code, message })));
    })(${JSON.stringify(given)})`,
  );
  return JSON.parse(String(text));
}

const INFER =
  `await using backend = await packflow.OnnxBackend.create({ folder: given.folder, config: given.config });
  return await backend.infer(given.events);`;

/** The answers of a model on a page, after a look that they are those of the same device here. */
async function checkAnswers(visit: Visit, name: "digits" | "phishing", device: Device): Promise<void> {
  const fixture = await modelFixture(name);
  const events = fixture.events.slice(0, EVENTS);
  const model = await Deno.readFile(join(fixture.folder, "model.onnx"));
  const config = { ...fixture.config, device };
  const folder = name === "digits" ? "digits" : "/model";
  const answers = await inPage(visit, INFER, { folder, config, events });
  await withModelBackend(model, { ...config, model: "m.onnx" }, async (backend) => {
    assert.deepEqual(answers, JSON.parse(JSON.stringify(await backend.infer(events))));
  });
}

testPage(
  "a page answers as this machine does, and loads ONNX Runtime only for what needs it",
  async (visit) => {
    await checkAnswers(visit, "phishing", "auto");
    assert.equal(visit.asked.includes(RUNTIME), false, "our own kernel runs trees");
    await checkAnswers(visit, "digits", "auto");
    assert.ok(visit.asked.includes(RUNTIME));
    await checkAnswers(visit, "phishing", "wasm");
    assert.deepEqual(visit.said, []);
  },
);

testPage("the page of docs/browser.md shows its answer", async ({ page, url, said }) => {
  await page.goto(`${url}/guide.html`);
  await page.waitForFunction(`document.querySelector("#answer").textContent !== "One moment"`);
  assert.equal(await page.textContent("#answer"), "Phishing: 0.99", said.join("\n"));
});

testPage(
  "a backend of one's own runs on a page, with the options and errors that it has elsewhere",
  async (visit) => {
    const backend = `
    class Backend extends packflow.InferenceBackend {
      static config = packflow.BackendConfig.extend({ limit: packflow.z.number().default(10) });
      execute(inputs) {
        return inputs.map((event) => ({ large: packflow.getField(event, "net.bytes") > this.config.limit }));
      }
    }
    const create = (config) => Backend.create({ config });`;
    const large = await inPage(
      visit,
      `${backend} return await (await create()).infer({ net: { bytes: 11 } });`,
    );
    assert.deepEqual(large, { large: true });
    const refused = await inPage(visit, `${backend} await create({ limits: 1 });`);
    assert.deepEqual(refused, {
      code: "config.unknown_option",
      message: 'Cannot use option "limits" as the backend has no option of this name: did you mean "limit"',
    });
  },
);

testPage("what a page cannot have is refused, in words", async (visit) => {
  const config = (await modelFixture("digits")).config;
  const open = async (folder: string, options: object) =>
    await inPage(visit, INFER, { folder, config: { ...config, ...options }, events: [] });
  const [gone, outside, native, gpu] = [
    await open("nowhere", {}),
    await open("digits", { model: "../model/model.onnx" }),
    await open("digits", { device: "native" }),
    await open("digits", { device: "webgpu" }),
  ];
  assert.deepEqual(gone, {
    code: "model.not_found",
    message: 'Cannot open model "model.onnx" as it must be a readable file',
  });
  assert.match(JSON.stringify(outside), /model\.outside_project/);
  assert.match(JSON.stringify(native), /model\.no_device.*\\"native\\" must be there/);
  assert.match(JSON.stringify(gpu), /model\.no_device.*no WebGPU: take wasm/);
});

testPage("one thread is taken where a page may have no more, and it says so", async (visit) => {
  const { config, events } = await modelFixture("digits");
  const given = { folder: "digits", config: { ...config, threads: 2 }, events: events.slice(0, 1) };
  assert.equal((await inPage(visit, INFER, given) as unknown[]).length, 1);
  assert.match(visit.said.join(), /only where the page is cross-origin isolated; taking one/);
});

testPage("several threads share a call on a page that is isolated", async (visit) => {
  const { config, events } = await modelFixture("digits");
  const given = { folder: "digits", config: { ...config, threads: 2 }, events: events.slice(0, EVENTS) };
  assert.equal((await inPage(visit, INFER, given) as unknown[]).length, EVENTS);
  assert.deepEqual(visit.said, []);
}, ISOLATED);

Deno.test("the bundle has nothing of Deno or Node.js, and exports what mod.ts does but for loadBackend", async () => {
  const code = await Deno.readTextFile(join(site.folder?.path ?? "", "packflow.js"));
  assert.doesNotMatch(code, /\bDeno\s*[.[]|from\s*["'](node|npm):|import\s*\(["'](node|npm):/);
  const here = Object.keys(await import("../../mod.ts")).filter((name) => name !== "loadBackend");
  const exported = /export\s*\{([^}]*)\}\s*;?\s*$/.exec(code)?.[1] ?? "";
  const names = exported.split(",").map((part) => part.replace(/^.* as /, "").trim());
  assert.deepEqual(names.sort(), here.sort());
});
