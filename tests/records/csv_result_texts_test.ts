import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { CsvResultTexts } from "../../lib/records/csv_result_texts.ts";
import { rowParser } from "../../lib/records/csv_format.ts";
import type { ResultOptions } from "../../lib/records/result_keys.ts";
import { fc } from "../helpers/fast_check.ts";
import { jsonObjects } from "../helpers/json_arbitraries.ts";

const texts = (options: Partial<ResultOptions> = {}) =>
  new CsvResultTexts({ outputFormat: "csv", onError: "fail", ...options }, ",");
const KEPT = ['"a,b"', "null"];
const KEEP = [{ path: "id", name: "id" }, { path: "n", name: "n" }];

Deno.test("the first result makes the columns, and later ones may lack some but not have others", () => {
  const rows = texts();
  strictEqual(rows.columns, undefined);
  strictEqual(rows.of({ b: 1, a: "x" }, []), "1,x");
  deepStrictEqual(rows.columns, ["b", "a"]);
  strictEqual(rows.of({ a: "y", b: 2 }, []), "2,y");
  strictEqual(rows.of({ a: "y" }, []), ",y");
  throws(() => rows.of({ a: 1, c: 2 }, []), { code: "backend.other_keys", message: /it has "c"$/ });
  strictEqual(rows.of({ a: "z" }, []), ",z");
});

Deno.test("columns that the output has already are kept to", () => {
  const rows = texts({ columns: ["id", "n", "b", "a"], keep: KEEP });
  strictEqual(rows.of({ a: 1, b: 2 }, KEPT), '"a,b",,2,1');
  throws(() => rows.of({ c: 2 }, []), { code: "backend.other_keys" });
  deepStrictEqual(rows.columns, ["id", "n", "b", "a"]);
});

Deno.test("values are written as JSON has them, text as it is, no value as nothing", () => {
  const result = { a: 0.1, b: -0, c: true, d: null, e: "", f: "x\ny", g: { k: [1, "q"] }, h: [], i: "=1" };
  strictEqual(texts().of(result, []), '0.1,0,true,,"","x\ny","{""k"":[1,""q""]}",[],=1');
});

Deno.test("results that are no JSON are refused as in JSON", () => {
  for (const value of [NaN, Infinity, undefined, 1n, [undefined]]) {
    const row = texts();
    if (value === undefined) strictEqual(row.of({ a: 1, b: value }, []), "1");
    else throws(() => row.of({ a: value }, []), { code: "backend.not_json" });
  }
  throws(() => texts().of([1], []), { code: "backend.not_json" });
  throws(() => texts().of({}, []), { code: "backend.other_keys", message: /a key at least$/ });
});

Deno.test("kept fields are the first columns, with the digits of their event", () => {
  const rows = texts({ keep: [{ path: "id", name: "id" }] });
  strictEqual(rows.of({ a: 1 }, ["12345678901234567890"]), "12345678901234567890,1");
  strictEqual(rows.of({ a: 1 }, ['{"b":[1]}']), '"{""b"":[1]}",1');
  deepStrictEqual(rows.columns, ["id", "a"]);
  throws(() => rows.of({ id: 1 }, ["1"]), { code: "backend.key_taken" });
});

Deno.test("the keys that are asked for are the columns, known before any result", () => {
  const rows = texts({ outputKeys: ["b", "a"] });
  deepStrictEqual(rows.columns, ["b", "a"]);
  strictEqual(rows.of({ a: 1, b: 2, c: 3 }, []), "2,1");
  throws(() => rows.of({ a: 1 }, []), { code: "backend.missing_key" });
});

Deno.test("under emit a last column holds the errors", () => {
  const rows = texts({ outputKeys: ["a"], keep: KEEP, onError: "emit" });
  deepStrictEqual(rows.columns, ["id", "n", "a", "error"]);
  strictEqual(rows.of({ a: 1 }, KEPT), '"a,b",,1,');
  const error = { code: "backend.hook_failed", message: "No" } as const;
  const fault = '"{""code"":""backend.hook_failed"",""message"":""No""}"';
  strictEqual(rows.ofFault(error, KEPT), `"a,b",,,${fault}`);
  strictEqual(rows.ofFault(error), `,,,${fault}`);
  const later = texts({ columns: ["id", "n", "a", "error"], keep: KEEP, onError: "emit", outputKeys: ["a"] });
  deepStrictEqual(later.columns, rows.columns);
});

Deno.test("any result makes one row that holds each of its values", () => {
  fc.assert(fc.property(jsonObjects.filter((result) => Object.keys(result).length > 0), (result) => {
    const rows = texts();
    const [fields = [], ...more] = rowParser(",")(rows.of(result, []));
    deepStrictEqual(more, []);
    deepStrictEqual(rows.columns, Object.keys(result));
    deepStrictEqual(
      fields,
      Object.values(result).map((value) =>
        value === null ? "" : typeof value === "string" ? value : JSON.stringify(value)
      ),
    );
  }));
});
