import assert from "node:assert/strict";
import { featuresOf, Site } from "./features.ts";

const plain = Site.parse({
  url: "https://shop.example/",
  certificate: "trusted",
  form_action: null,
  popup: "none",
  resource_hosts: [],
  link_hosts: [],
  rank: 1,
  domain_age_days: 1000,
});

Deno.test("a plain site has no sign of phishing", () => {
  const { ip_in_url, ...others } = featuresOf(plain);
  assert.equal(ip_in_url, 0);
  assert.deepEqual(new Set(Object.values(others)), new Set([1]));
});

Deno.test("tells a form that is sent home from one that is sent elsewhere or nowhere", () => {
  const handler = (form_action: string) => featuresOf({ ...plain, form_action }).empty_server_form_handler;
  assert.deepEqual(["/login", "https://shop.example/x"].map(handler), [1, 1]);
  assert.equal(handler("https://collect.example/in"), 0.5);
  assert.deepEqual(["", "about:blank"].map(handler), [0, 0]);
});

Deno.test("counts hosts other than the site's own", () => {
  const share = (link_hosts: string[]) => featuresOf({ ...plain, link_hosts }).anchor_from_other_domain;
  assert.equal(share(["shop.example", "shop.example", "shop.example", "a.example"]), 1);
  assert.equal(share(["shop.example", "a.example"]), 0.5);
  assert.equal(share(["a.example"]), 0);
});

Deno.test("knows an address from a name, of version 4 and 6", () => {
  const isAddress = (url: string) => featuresOf({ ...plain, url }).ip_in_url;
  assert.deepEqual(["http://10.1.2.3/", "http://[::1]/", "http://10.example/"].map(isAddress), [1, 1, 0]);
});
