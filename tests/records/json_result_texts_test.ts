import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { JsonResultTexts } from "../../lib/records/json_result_texts.ts";
import type { ResultOptions } from "../../lib/records/result_keys.ts";

const texts = (options: Partial<ResultOptions> = {}) =>
  new JsonResultTexts({ outputFormat: "ndjson", onError: "fail", ...options });
const KEPT = ["7", '"eve"'];
const KEEP = [{ path: "id", name: "id" }, { path: "user.name", name: "who" }];
const FAULT = { code: "backend.hook_failed", message: "Cannot" } as const;

Deno.test("kept fields come before the result's own keys", () => {
  strictEqual(
    texts({ keep: KEEP }).of({ label: [1, null] }, KEPT),
    '{"id":7,"who":"eve","label":[1,null]}',
  );
  strictEqual(texts({ keep: KEEP }).of({}, KEPT), '{"id":7,"who":"eve"}');
  strictEqual(texts().of({ label: 1 }, []), '{"label":1}');
});

Deno.test("results are refused as without kept fields", () => {
  for (const options of [{}, { keep: KEEP }]) {
    throws(() => texts(options).of([1], KEPT), { code: "backend.not_json" });
    throws(() => texts(options).of({ a: NaN }, KEPT), { code: "backend.not_json" });
  }
  throws(() => texts({ keep: KEEP }).of({ who: 1 }, KEPT), { code: "backend.key_taken" });
});

Deno.test("only the keys that were asked for are written, and need to be JSON", () => {
  strictEqual(texts({ outputKeys: ["b", "a"] }).of({ a: 1, b: 2, c: NaN }, KEPT), '{"b":2,"a":1}');
  const both = texts({ outputKeys: ["a"], keep: KEEP.slice(0, 1) });
  // The result's own id is not written.
  strictEqual(both.of({ a: 1, id: 2 }, ["7"]), '{"id":7,"a":1}');
});

Deno.test("an error in the place of a result has the kept fields of its event, if there is one", () => {
  const error = { code: FAULT.code, message: "Cannot" };
  deepStrictEqual(JSON.parse(texts({ keep: KEEP }).ofFault(FAULT, KEPT)), { id: 7, who: "eve", error });
  deepStrictEqual(JSON.parse(texts({ keep: KEEP }).ofFault(FAULT)), { error });
  strictEqual(texts().ofFault(FAULT, []), JSON.stringify({ error }));
});
