/** The page of `packflow serve` in a real browser, with a service behind it that answers as told. */
import assert from "node:assert/strict";
import {
  accessibilityProblems,
  type Browser,
  type BrowserContextOptions,
  findBrowser,
  launchBrowser,
  type Page,
} from "../../helpers/browser.ts";
import { type Answer, type PageService, pageService } from "../../helpers/page_service.ts";
import { BARE, LOGINS, PHISHING } from "../../helpers/served_models.ts";

const executable = await findBrowser();

const LABELLED = { label: 1, probabilities: [0.25, 0.75] };
const labelled: Answer = () => Response.json(LABELLED);

/** What a test has at hand: the page of a service, opened. */
interface Visit {
  readonly page: Page;
  readonly service: PageService;
}

/** What is served, how, and to which browser. */
interface Scene extends BrowserContextOptions {
  readonly models?: PageService["models"];
  readonly answer?: Answer;
  readonly serviceToken?: string;
}

let browser: Browser | undefined;

/** Runs a test in a fresh window; nothing may be said on the console, and nothing come from elsewhere. */
function pageTest(
  name: string,
  { models = [PHISHING], answer = labelled, serviceToken, ...options }: Scene,
  visit: (visit: Visit) => Promise<void>,
) {
  Deno.test({
    name,
    ignore: executable === undefined,
    // the browser outlives a test
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      browser ??= await launchBrowser(executable ?? "");
      await using service = await pageService(models, {
        answer,
        ...(serviceToken === undefined ? {} : { token: serviceToken }),
      });
      const context = await browser.newContext(options);
      try {
        const page = await context.newPage();
        page.setDefaultTimeout(10_000);
        const noise: string[] = [];
        page.on("console", (message) => noise.push(message.text()));
        page.on("pageerror", (error) => noise.push(error.message));
        page.on("request", (request) => {
          if (!/^(data:|http:\/\/127\.0\.0\.1:)/.test(request.url())) noise.push(request.url());
        });
        await page.goto(service.url);
        await visit({ page, service });
        // the browser itself tells of answers that are no success
        assert.deepEqual(noise.filter((line) => !line.startsWith("Failed to load resource")), []);
      } finally {
        await context.close();
      }
    },
  });
}

Deno.test.afterAll(async () => {
  await browser?.close();
});

pageTest("shows a model with its inputs and outputs", {}, async ({ page }) => {
  await page.getByRole("heading", { level: 1, name: "phishing" }).waitFor();
  assert.equal(await page.title(), "phishing - Packflow");
  const facts = await page.locator("#facts").innerText();
  assert.equal(facts, "version 1.2.0 · runs on wasm · Tells phishing web sites from genuine ones");
  await page.getByText("Inputs and outputs").click();
  const rows = await page.getByRole("table").getByRole("row").allInnerTexts();
  assert.deepEqual(rows.map((row) => row.split("\t")), [
    ["Name", "Type", "Shape", "From the fields"],
    ["X", "FP32", "[any,\u00a03]", "popup_window, https, site.age"],
    ["Name", "Type", "Shape"],
    ["label", "INT64", "[any]"],
    ["probabilities", "FP32", "[any,\u00a02]"],
  ]);
  assert.equal(await page.locator("#health").innerText(), "Ready");
});

pageTest("sends the form's event and shows the answer with its time", {}, async ({ page, service }) => {
  await page.getByLabel("site.age").fill(" 7.5 ");
  await page.getByLabel("popup_window").fill("");
  await page.getByRole("button", { name: "Send" }).click();
  const result = page.getByRole("region", { name: "Result" });
  await result.waitFor();
  assert.deepEqual(service.posts, [{
    path: "/models/phishing/invocations",
    type: "application/json",
    body: '{"https":0.5,"site":{"age":7.5}}',
    token: "",
  }]);
  assert.match(await result.innerText(), /label\s+1\s+probabilities\s+0\s+0\.2500\s+1\s+0\.7500/);
  assert.deepEqual(JSON.parse(await page.locator("#raw-text").innerText()), LABELLED);
  assert.match(await page.locator("#timing").innerText(), /^200 in \d+(\.\d)? ms$/);
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText(/^200 in [\d.]+ ms, median of 2: [\d.]+ ms$/).waitFor();
});

pageTest("gives every kind of value a field, and sends what was not touched as it was", {
  models: [LOGINS],
  answer: (body) => new Response(body),
}, async ({ page, service }) => {
  assert.equal(await page.getByRole("checkbox", { name: "new_device" }).isChecked(), true);
  await page.keyboard.press("Control+Enter"); // nothing has the focus yet: nothing is sent
  await page.getByLabel("failed").press("Control+Enter");
  await page.getByRole("region", { name: "Result" }).waitFor();
  assert.deepEqual(JSON.parse(service.posts[0]?.body ?? ""), LOGINS.sample);
  assert.equal(service.posts.length, 1);
  // markup of events and answers is text
  assert.equal(await page.title(), "logins - Packflow");
  assert.equal(await page.locator("img").count(), 0);
  await page.getByRole("checkbox", { name: "new_device" }).uncheck();
  await page.getByLabel("source.ports (JSON)").fill("[1]");
  await page.getByLabel("user").fill("");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("median of 2").waitFor();
  assert.deepEqual(JSON.parse(service.posts[1]?.body ?? ""), {
    user: "",
    new_device: false,
    failed: 2,
    source: { ip: "10.0.0.1", ports: [1] },
    note: null,
  });
});

pageTest(
  "says which field cannot be sent, and takes one there",
  { models: [LOGINS] },
  async ({ page, service }) => {
    for (
      const [label, value, reason] of [["failed", "0x1", "must be a number"], [
        "note (JSON)",
        "{",
        "JSON",
      ]] as const
    ) {
      const field = page.getByLabel(label);
      await field.fill(value);
      await page.getByRole("button", { name: "Send" }).click();
      const alert = await page.locator("#text-problem").innerText();
      assert.ok(alert.includes(reason) && alert.includes(label.split(" ")[0] ?? ""), alert);
      assert.equal(await field.getAttribute("aria-invalid"), "true");
      assert.equal(await field.evaluate((element) => element === element.ownerDocument.activeElement), true);
      await field.fill("1");
    }
    assert.deepEqual(service.posts, []);
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText(/^200 in/).waitFor();
    assert.equal(await page.locator("[aria-invalid]").count(), 0);
    assert.equal(await page.locator("#text-problem").innerText(), "");
  },
);

pageTest("takes what was edited along between form and JSON", {}, async ({ page, service }) => {
  await page.getByLabel("https").fill("9");
  await page.getByRole("radio", { name: "JSON" }).check();
  const text = page.getByLabel("JSON text");
  const event = { popup_window: 0, https: 9, site: { age: 1 } };
  assert.deepEqual(JSON.parse(await text.inputValue()), event);
  await text.fill('{"other": "a", "deep": {"er": true}}');
  await page.getByRole("radio", { name: "Form" }).check();
  assert.equal(await page.getByLabel("other").inputValue(), "a");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText(/^200 in/).waitFor();
  assert.equal(service.posts[0]?.body, '{"other":"a","deep":{"er":true}}');
  await page.getByRole("button", { name: "Reset" }).click();
  assert.equal(await page.getByLabel("https").inputValue(), "0.5");
});

pageTest("keeps the text where the form cannot show it", {}, async ({ page }) => {
  await page.getByRole("radio", { name: "JSON" }).check();
  for (const content of ["[{}, {}]", "{", "{}", "3"]) {
    await page.getByLabel("JSON text").fill(content);
    await page.getByRole("radio", { name: "Form" }).click();
    await page.getByText("The form cannot show this text").waitFor();
    assert.equal(await page.getByRole("radio", { name: "JSON" }).isChecked(), true);
    assert.equal(await page.getByLabel("JSON text").inputValue(), content);
  }
});

pageTest("sends arrays and lines of events, and digits as they were typed", {
  answer: (body) =>
    body.startsWith("[")
      ? Response.json([LABELLED, { error: { code: "event.wrong_type", message: "Cannot" } }])
      : new Response('{"label":1}\n{"label":2}\n', { headers: { "content-type": "application/x-ndjson" } }),
}, async ({ page, service }) => {
  await page.getByRole("radio", { name: "JSON" }).check();
  const text = page.getByLabel("JSON text");
  const array = '[{"id": 12345678901234567890}, {"id": 2}]';
  await text.fill(array);
  await text.press("Control+Enter");
  await page.getByText(/^200 in .*, 1 failed$/).waitFor();
  const rows = await page.getByRole("region", { name: "Results" }).getByRole("row").allInnerTexts();
  assert.match(rows[2] ?? "", /^2\s+Cannot \(event\.wrong_type\)$/);
  await text.fill('{"id": 1}\n\n{"id": 2}');
  await text.press("Meta+Enter");
  await page.getByText("2 results").waitFor();
  assert.deepEqual(service.posts.map(({ type, body }) => [type, body]), [
    ["application/json", array],
    ["application/x-ndjson", '{"id": 1}\n{"id": 2}\n'],
  ]);
  await text.fill('{"id": 1} {"id": 2}');
  await text.press("Control+Enter");
  await page.getByText("The text cannot be sent").waitFor();
  assert.equal(service.posts.length, 2);
});

pageTest("tells what the service refuses and how to mend it", {
  answer: () =>
    Response.json({ error: "Cannot take more", code: "request.queue_full", remedy: "Send it again" }, {
      status: 503,
      headers: { "x-request-id": "r-17" },
    }),
}, async ({ page }) => {
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText(/^503 in/).waitFor();
  assert.equal(
    await page.locator("#problem[role=alert]").innerText(),
    "Cannot take more\n\nSend it again\n\nrequest.queue_full\n\nrequest r-17",
  );
});

pageTest("tells that the service is gone", {}, async ({ page, service }) => {
  await page.getByText("Ready").waitFor();
  await service[Symbol.asyncDispose]();
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("The service cannot be reached").waitFor();
  await page.getByText("Not ready").waitFor();
});

pageTest("sees when the service is ready, and takes nothing from under the hands of who types", {}, async ({
  page,
  service,
}) => {
  service.ready = false;
  await page.reload();
  await page.getByText("Not ready").waitFor();
  await page.getByLabel("https").fill("0.75");
  service.models = [PHISHING, BARE];
  await page.getByRole("link", { name: "bare" }).waitFor();
  service.ready = true;
  await page.getByText("Ready", { exact: true }).waitFor();
  assert.equal(await page.getByLabel("https").inputValue(), "0.75");
  assert.equal(await page.evaluate("document.activeElement.id"), "field-1");
});

pageTest("waits for models that are being loaded", { models: [] }, async ({ page, service }) => {
  await page.getByText("The models are being loaded").waitFor();
  service.models = [BARE];
  await page.getByRole("heading", { level: 1, name: "bare" }).waitFor();
  assert.equal(await page.getByLabel("pixels (JSON)").inputValue(), "[[0,0],[0,0]]");
});

pageTest(
  "changes between models, also by address and by going back",
  { models: [PHISHING, LOGINS] },
  async ({ page }) => {
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText(/^200 in/).waitFor();
    const links = page.getByRole("navigation", { name: "Models" }).getByRole("link");
    assert.deepEqual(await links.allInnerTexts(), ["phishing", "logins"]);
    await page.getByRole("link", { name: "logins" }).click();
    const title = page.getByRole("heading", { level: 1, name: "logins" });
    await title.waitFor();
    assert.equal(await title.evaluate((element) => element === element.ownerDocument.activeElement), true);
    assert.equal(await page.getByRole("link", { name: "logins" }).getAttribute("aria-current"), "page");
    assert.equal(await page.locator("#timing").innerText(), "Nothing sent yet");
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "phishing" }).waitFor();
    await page.reload();
    await page.goto(`${page.url().split("#")[0]}#model=logins`);
    await title.waitFor();
  },
);

pageTest("copies the request as curl, and that command sends the same", {
  models: [LOGINS],
  answer: () => Response.json({ fine: "it's" }),
  permissions: ["clipboard-read", "clipboard-write"],
}, async ({ page, service }) => {
  await page.getByLabel("user").fill(`it's "$HOME" \`id\` \\`);
  await page.getByRole("button", { name: "Copy as curl" }).click();
  await page.getByText("Copied", { exact: true }).waitFor();
  const command = await page.evaluate<string>("navigator.clipboard.readText()");
  const output = await new Deno.Command("sh", { args: ["-c", command], stderr: "null" }).output();
  assert.deepEqual(JSON.parse(new TextDecoder().decode(output.stdout)), { fine: "it's" });
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText(/^200 in/).waitFor();
  assert.equal(service.posts.length, 2);
  assert.deepEqual(service.posts[0], service.posts[1]);
});

pageTest("selects the command where the browser lets no page copy", {}, async ({ page }) => {
  await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))");
  await page.getByRole("button", { name: "Copy as curl" }).click();
  await page.getByText("Selected: copy it with Control and C").waitFor();
  assert.match(await page.evaluate<string>("String(getSelection())"), /^curl 'http:.*invocations' \\\n/);
});

pageTest("asks for the token where there is one, and keeps it out of the command", {
  serviceToken: "s3cret",
}, async ({ page, service }) => {
  const field = page.getByLabel("Token");
  await field.waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await field.fill("wrong");
  await field.press("Enter");
  await page.getByText("The service does not accept this token").waitFor();
  await field.fill("s3cret");
  await field.press("Enter");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText(/^200 in/).waitFor();
  assert.equal(service.posts[0]?.token, "Bearer s3cret");
  const command = await page.locator("#curl").textContent();
  assert.ok(command?.includes('"authorization: Bearer $PACKFLOW_TOKEN"') && !command.includes("s3cret"));
});

pageTest("can be used with the keyboard alone", { models: [PHISHING, LOGINS] }, async ({ page, service }) => {
  await page.getByRole("button", { name: "Send" }).waitFor();
  const visited: string[] = [];
  for (let step = 0; step < 40; step++) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate<string>(
      "(({ id, innerText, value }) => id || innerText || value)(document.activeElement)",
    );
    visited.push(name.trim());
    if (name === "Send") break;
  }
  assert.deepEqual(visited, [
    "Skip to the model",
    "phishing",
    "logins",
    "Inputs and outputs",
    "form",
    "field-0",
    "field-1",
    "field-2",
    "Send",
  ]);
  await page.keyboard.press("Space");
  await page.getByText(/^200 in/).waitFor();
  assert.equal(service.posts.length, 1);
  // the focus stays where it was
  assert.equal(await page.evaluate("document.activeElement.innerText"), "Send");
});

for (const colorScheme of ["light", "dark"] as const) {
  for (
    const [name, viewport] of [["wide", { width: 1280, height: 900 }], ["narrow", {
      width: 320,
      height: 640,
    }]] as const
  ) {
    pageTest(`keeps nobody out and overflows nowhere, ${colorScheme} and ${name}`, {
      models: [PHISHING, LOGINS],
      colorScheme,
      viewport,
    }, async ({ page }) => {
      await page.getByText("Inputs and outputs").click();
      await page.getByText("curl command").click();
      await page.getByRole("button", { name: "Send" }).click();
      await page.getByText(/^200 in/).waitFor();
      assert.deepEqual(await accessibilityProblems(page), []);
      await page.getByLabel("https").fill("x");
      await page.getByRole("button", { name: "Send" }).click();
      await page.getByText("cannot be sent:").waitFor();
      await page.getByLabel("https").fill("1");
      await page.getByRole("radio", { name: "JSON" }).check();
      await page.getByLabel("JSON text").fill("{");
      await page.getByRole("button", { name: "Send" }).click();
      await page.getByText("The text cannot be sent").waitFor();
      assert.deepEqual(await accessibilityProblems(page), []);
      const over = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
      assert.ok(over <= 0, `${over} pixels too wide`);
    });
  }
}
