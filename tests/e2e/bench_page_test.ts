/** The page of `packflow bench --report` in a real browser. */
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { benchPage } from "../../lib/bench/bench_page.ts";
import { benchReport } from "../helpers/bench_report.ts";
import { findBrowser, launchBrowser } from "../helpers/browser.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const MACHINE = { processor: "Some CPU", cores: 2, memory: 8 * 2 ** 30, system: "linux x86_64", load: 0 };

const executable = await findBrowser();

/** Pixels of the canvas in an element that are not empty. */
const COUNT_PIXELS = `(id) => {
  const canvas = document.querySelector("#" + id + " canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let drawn = 0;
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) drawn++;
  return drawn;
}`;

Deno.test({
  name: "the page draws its plots without a network, an error or a violation of its policy",
  ignore: executable === undefined,
  // the browser's pipes end after it
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using folder = await tempFolder();
    const file = `${folder.path}/bench.html`;
    await Deno.writeTextFile(
      file,
      await benchPage(benchReport(), { name: "demo", machine: MACHINE, date: new Date(0) }),
    );
    const browser = await launchBrowser(executable ?? "");
    try {
      const page = await browser.newPage({ viewport: { width: 1100, height: 1500 } });
      const said: string[] = [];
      const asked: string[] = [];
      page.on("console", (message) => said.push(message.text()));
      page.on("pageerror", (error) => said.push(error.message));
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(pathToFileURL(file).href);
      assert.equal(await page.getAttribute("body", "data-drawn"), "yes", said.join("\n"));
      assert.deepEqual(said, []);
      assert.deepEqual(asked, [pathToFileURL(file).href]);
      const drawn = async (id: string) => Number(await page.evaluate(`(${COUNT_PIXELS})("${id}")`));
      assert.ok(await drawn("throughput") > 5000);
      assert.ok(await drawn("latency") > 5000);
      const titles = () => page.locator(".u-title").allTextContents();
      assert.deepEqual(await titles(), [
        "Throughput over batch size",
        "Latency of a batch: trees, 2 workers",
      ]);
      assert.equal(await page.locator("#throughput .u-series").count(), 5);
      await page.selectOption("#choice", { label: "wasm, 1 worker" });
      assert.equal((await titles())[1], "Latency of a batch: wasm, 1 worker");
      assert.equal(await page.locator("#latency .u-series").count(), 5);
      assert.ok(await drawn("latency") > 5000);
    } finally {
      await browser.close();
    }
  },
});
