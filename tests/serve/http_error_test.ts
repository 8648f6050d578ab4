import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { asPackflowError, errorBody, statusOf } from "../../lib/serve/http_error.ts";

Deno.test("a fault of the request is 4xx, one of ours 5xx", () => {
  deepStrictEqual(
    [
      statusOf("event.invalid_json"),
      statusOf("event.missing_field"),
      statusOf("request.invalid"),
      statusOf("request.queue_full"),
      statusOf("backend.hook_failed"),
      statusOf("worker.timeout"),
      statusOf("internal.unexpected"),
    ],
    [400, 422, 400, 503, 500, 504, 500],
  );
});

Deno.test("a library's own words stay inside", () => {
  const error = asPackflowError(new Error("password=1"));
  strictEqual(error.code, "internal.unexpected");
  strictEqual(errorBody(error).includes("password"), false);
  const own = new PackflowError("event.not_object", "Cannot take it", { remedy: "Send an object" });
  deepStrictEqual(JSON.parse(errorBody(own)), {
    error: "Cannot take it",
    code: "event.not_object",
    remedy: "Send an object",
  });
});
