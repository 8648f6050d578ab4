import assert from "node:assert/strict";
import { DiagnosticsError } from "../../lib/base/diagnostic.ts";
import { PackflowError } from "../../lib/base/errors.ts";
import { packError, unpackError } from "../../lib/isolate/packed_error.ts";
import { fc } from "../helpers/fast_check.ts";

const travel = (error: unknown) => unpackError(JSON.parse(JSON.stringify(packError(error))));

Deno.test("an error keeps code, message, place, remedy, and its cause as text", () => {
  const place = { file: "a.ts", line: 1, column: 2, eventIndex: 3, field: "b", hook: "execute" };
  const cause = new TypeError("inner");
  const error = travel(new PackflowError("event.wrong_type", "Cannot", { place, remedy: "Mend", cause }));
  assert.deepEqual([error.code, error.message, error.place, error.remedy], [
    "event.wrong_type",
    "Cannot",
    place,
    "Mend",
  ]);
  assert.ok(error.cause instanceof Error);
  assert.deepEqual([error.cause.message, error.cause.stack], ["inner", cause.stack]);
});

Deno.test("findings travel along", () => {
  const found = [{
    severity: "error",
    code: "config.invalid",
    message: "No",
    file: "f",
    line: 1,
    column: 1,
  }] as const;
  const error = travel(new DiagnosticsError("config.invalid", "All", found));
  assert.ok(error instanceof DiagnosticsError);
  assert.deepEqual(error.diagnostics, found);
});

Deno.test("whatever is thrown can be packed", () => {
  const hostile = {
    get message() {
      throw new Error("no");
    },
    toString() {
      throw new Error("no");
    },
  };
  const cause = new Error("x");
  Object.defineProperty(cause, "stack", {
    get() {
      throw new Error("no");
    },
  });
  for (
    const thrown of [
      undefined,
      null,
      1,
      "text",
      cause,
      new PackflowError("event.too_deep", "X", { cause: hostile }),
    ]
  ) {
    assert.ok(travel(thrown) instanceof PackflowError);
  }
});

Deno.test("whatever arrives becomes an error", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    assert.ok(unpackError(value) instanceof PackflowError);
  }));
  assert.equal(unpackError({ code: "toString", message: 1 }).code, "internal.unexpected");
});
