import assert from "node:assert/strict";
import { getOwn, setOwn } from "../../lib/base/own_keys.ts";
import { TRICKY_KEYS } from "../helpers/json_arbitraries.ts";

Deno.test("inherited names are not there until they are set, and then are data", () => {
  for (const key of TRICKY_KEYS) {
    const object: Record<string, unknown> = {};
    assert.equal(getOwn(object, key), undefined);
    setOwn(object, key, { polluted: true });
    assert.deepEqual(getOwn(object, key), { polluted: true });
    assert.deepEqual(Object.keys(object), [key]);
    assert.equal(Object.getPrototypeOf(object), Object.prototype);
    setOwn(object, key, 2);
    assert.equal(getOwn(object, key), 2);
    assert.equal(JSON.stringify(object), `{"${key}":2}`);
  }
});
