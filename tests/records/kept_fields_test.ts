import { deepStrictEqual, throws } from "node:assert/strict";
import type { EventRecord } from "../../lib/base/json.ts";
import { checkKeptFields, keptTexts, keptValues, parseKeptField } from "../../lib/records/kept_fields.ts";
import { fc } from "../helpers/fast_check.ts";
import { jsonObjects } from "../helpers/json_arbitraries.ts";

const fields = (...texts: string[]) => texts.map(parseKeptField);

Deno.test("a field is kept under its path or under a name of its own", () => {
  deepStrictEqual(fields("id", "user.name", "user.name=who", ".=event"), [
    { path: "id", name: "id" },
    { path: "user.name", name: "user.name" },
    { path: "user.name", name: "who" },
    { path: ".", name: "event" },
  ]);
});

Deno.test("what names no field, or gives the whole event no key, is refused", () => {
  for (const text of ["", "=a", "a=", "="]) {
    throws(() => parseKeptField(text), { code: "usage.invalid", message: /FIELD or FIELD=NAME/ });
  }
  throws(() => parseKeptField("."), { code: "usage.invalid", message: /must be given a key/ });
});

Deno.test("one key for two values is refused", () => {
  checkKeptFields(fields("a", "b=c"), ["b"]);
  throws(() => checkKeptFields(fields("a", "b=a")), { code: "usage.invalid", message: /"a" is given twice/ });
  throws(() => checkKeptFields(fields("a"), ["a"]), { code: "usage.invalid" });
});

Deno.test("paths are followed, a key that is spelt like one is taken first, and what is not there is null", () => {
  const event = { id: 7, user: { name: "eve" }, "x.y": 1, x: { y: 2 }, list: [1] };
  deepStrictEqual(keptValues(event, fields("id", "user.name", "x.y", "none", "user.none", "toString")), [
    7,
    "eve",
    1,
    null,
    null,
    null,
  ]);
  deepStrictEqual(keptValues(event, fields(".=e")), [event]);
});

Deno.test("numbers beyond what a double holds keep their digits", () => {
  const text = '{"id":12345678901234567890,"big":1e999,"deep":{"n":[9007199254740993]},"x":0.5}';
  const event: EventRecord = JSON.parse(text);
  deepStrictEqual(keptTexts(event, fields("id", "big", "deep", "x"), () => text), [
    "12345678901234567890",
    "1e999",
    '{"n":[9007199254740993]}',
    "0.5",
  ]);
  deepStrictEqual(keptTexts(event, fields(".=all"), () => text), [text]);
});

Deno.test("the text of an event is looked at only where it matters", () => {
  const unread = () => {
    throw new Error("The text was asked for");
  };
  deepStrictEqual(keptTexts({ id: 1, name: "a" }, fields("id", "name"), unread), ["1", '"a"']);
  deepStrictEqual(keptTexts({ id: "12345678901234567890" }, fields("id")), ['"12345678901234567890"']);
});

Deno.test("any event is kept as it was written", () => {
  fc.assert(fc.property(jsonObjects, (event) => {
    const text = JSON.stringify(event);
    deepStrictEqual(keptTexts(JSON.parse(text), fields(".=all"), () => text), [text]);
  }));
});
