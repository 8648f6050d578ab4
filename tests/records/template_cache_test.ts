import { strictEqual } from "node:assert/strict";
import { TemplateCache } from "../../lib/records/template_cache.ts";
import { fakeDirectModel } from "../helpers/direct_model.ts";

const event = (index: number) => `{"k${index}":0,"a":1}`;

Deno.test("the cache keeps the last shapes learnt, and puts first what fits", () => {
  const cache = new TemplateCache(fakeDirectModel(["a"]));
  for (let index = 0; index < 3; index++) cache.learn(event(index));
  strictEqual(cache.templates.length, 3);
  const last = cache.templates[2];
  cache.prefer(2);
  strictEqual(cache.templates[0], last);
  strictEqual(cache.templates.length, 3);
});

Deno.test("records that never look alike are not learnt for ever, yet now and then", () => {
  const cache = new TemplateCache(fakeDirectModel(["a"]));
  const firsts = new Set<unknown>();
  for (let index = 0; index < 640; index++) {
    cache.learn(event(index));
    firsts.add(cache.templates[0]);
  }
  strictEqual(cache.templates.length, 8);
  strictEqual(firsts.size, 8 + 10);
});

Deno.test("a record without a template is no shape", () => {
  const cache = new TemplateCache(fakeDirectModel(["a"]));
  cache.learn('{"a":"x"}');
  strictEqual(cache.templates.length, 0);
});
