import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readPage } from "../../../lib/serve/page/read_page.ts";

const page = await readPage();
const policy = new Map(
  page.headers["content-security-policy"]?.split("; ").map((rule) => {
    const [name = "", ...values] = rule.split(" ");
    return [name, values.join(" ")];
  }),
);

Deno.test("is one document below 40 kB with its style and script inside", () => {
  assert.ok(new TextEncoder().encode(page.html).length < 40_000);
  assert.match(page.html, /^<!doctype html>/i);
  assert.equal(page.html.match(/<script/g)?.length, 1);
  assert.equal(page.html.match(/<\/script>/g)?.length, 1);
  assert.equal(page.html.match(/<\/style>/g)?.length, 1);
});

Deno.test("needs nothing from elsewhere: no other host, no resource, no inline handler or style", () => {
  // the name that SVG has for itself is no address
  const html = page.html.replace("http://www.w3.org/2000/svg", "");
  assert.doesNotMatch(html, /https?:\/\//);
  assert.doesNotMatch(html, /<(link[^>]*stylesheet|img|iframe|object|embed|base)\b|<script[^>]*src/);
  assert.doesNotMatch(html, /<[^>]+\s(on[a-z]+|style)=/);
  assert.doesNotMatch(html, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/);
});

Deno.test("its policy forbids all but this very script, this very style and this service", () => {
  const inside = (tag: string) => new RegExp(`<${tag}[^>]*>([^]*?)</${tag}>`).exec(page.html)?.[1] ?? "";
  const digest = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  assert.equal(policy.get("default-src"), "'none'");
  assert.equal(policy.get("script-src"), digest(inside("script")));
  assert.equal(policy.get("style-src"), digest(inside("style")));
  assert.equal(policy.get("connect-src"), "'self'");
  for (const name of ["base-uri", "form-action", "frame-ancestors"]) assert.equal(policy.get(name), "'none'");
  assert.doesNotMatch([...policy.values()].join(), /unsafe|\*|nonce/);
});
