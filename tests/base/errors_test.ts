import assert from "node:assert/strict";
import { firstError, messageOf, PackflowError, placeText } from "../../lib/base/errors.ts";
import { z } from "../../lib/deps/zod.ts";
import { fc } from "../helpers/fast_check.ts";

Deno.test("a PackflowError is an Error with a code, and knows nothing it was not told", () => {
  const error = new PackflowError("model.invalid", "Cannot open");
  assert.ok(error instanceof Error);
  assert.deepEqual([error.name, error.code, error.message], [
    "PackflowError",
    "model.invalid",
    "Cannot open",
  ]);
  assert.deepEqual([error.place, error.remedy, Object.hasOwn(error, "cause")], [{}, undefined, false]);
  assert.match(error.stack ?? "", /^PackflowError: Cannot open\n/);
});

Deno.test("a PackflowError keeps its cause, whatever was thrown", () => {
  for (const cause of [new TypeError("x"), "text", 0, "", false, null]) {
    assert.equal(new PackflowError("model.invalid", "Cannot open", { cause }).cause, cause);
  }
});

Deno.test("at adds to the place: what was known before stays, and so does the rest of the error", () => {
  const cause = new Error("why");
  const error = new PackflowError("event.wrong_type", "Cannot read", {
    cause,
    place: { field: "a.b", line: 3 },
    remedy: "Send it",
  });
  const more = error.at({ eventIndex: 0, field: "other", file: "x.ndjson" });
  assert.deepEqual(more.place, { eventIndex: 0, field: "a.b", line: 3, file: "x.ndjson" });
  assert.deepEqual(
    [more.code, more.message, more.remedy, more.cause],
    ["event.wrong_type", "Cannot read", "Send it", cause],
  );
  assert.deepEqual(error.place, { field: "a.b", line: 3 });
});

Deno.test("at invents no remedy and no cause", () => {
  const more = new PackflowError("model.invalid", "Cannot open").at({ file: "m" }).at({ file: "n", line: 1 });
  assert.deepEqual(more.place, { file: "m", line: 1 });
  assert.deepEqual([more.remedy, Object.hasOwn(more, "cause")], [undefined, false]);
});

Deno.test("placeText is what editors open: no column without a line, nothing without a file", () => {
  assert.equal(placeText({ file: "a.ts", line: 3, column: 7 }), "a.ts:3:7");
  assert.equal(placeText({ file: "a.ts", line: 3 }), "a.ts:3");
  assert.equal(placeText({ file: "a.ts", column: 7, field: "x" }), "a.ts");
  assert.equal(placeText({ line: 3, column: 7, hook: "execute" }), "");
});

Deno.test("firstError finds what failed before freeing failed, however often", () => {
  const [first, second, third] = [new Error("first"), new Error("second"), new Error("third")];
  assert.equal(firstError(first), first);
  assert.equal(firstError(new SuppressedError(third, new SuppressedError(second, first))), first);
  assert.equal(firstError(new SuppressedError(second, undefined)), undefined);
});

Deno.test("messageOf gives the text of anything that was thrown", () => {
  assert.equal(messageOf(new Error("why")), "why");
  assert.equal(messageOf(new RangeError()), "RangeError");
  assert.equal(messageOf(Object.assign(new Error(), { message: 5 })), "5");
  const others: [unknown, string][] = [["text", "text"], [undefined, "undefined"], [null, "null"], [7n, "7"]];
  for (const [thrown, text] of others) assert.equal(messageOf(thrown), text);
  assert.equal(messageOf(Symbol("s")), "Symbol(s)");
});

Deno.test("messageOf tells what a schema refused in one line, whatever the issues are", () => {
  const Site = z.object({ url: z.url(), tags: z.array(z.string()) });
  const { error } = Site.safeParse({ url: "x", tags: ["a", 1] });
  assert.equal(
    messageOf(error),
    '"url": Invalid URL; "tags.1": Invalid input: expected string, received number',
  );
  assert.equal(messageOf(z.string().safeParse(1).error), "Invalid input: expected string, received number");
  const other = (issues: unknown) => messageOf(Object.assign(new Error("own"), { name: "ZodError", issues }));
  assert.deepEqual([[], 5, undefined].map(other), ["own", "own", "own"]);
  assert.equal(
    other([null, { path: [Object.create(null)], message: "bad" }]),
    'undefined; "a value without text": bad',
  );
});

Deno.test("messageOf does not throw for what has no text", () => {
  const mute = { toString: () => assert.fail("no text") };
  for (const thrown of [Object.create(null), mute, Object.assign(new Error(), { message: mute })]) {
    assert.equal(messageOf(thrown), "a value without text");
  }
});

Deno.test("messageOf cuts after 500 characters, and no character in half", () => {
  assert.equal(messageOf("x".repeat(500)), "x".repeat(500));
  assert.equal(messageOf(new Error("x".repeat(501))), `${"x".repeat(500)}…`);
  assert.equal(messageOf(`${"x".repeat(499)}🚀`), `${"x".repeat(499)}…`);
  assert.equal(messageOf(`${"x".repeat(498)}🚀y`), `${"x".repeat(498)}🚀…`);
  fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 600, size: "max" }), (text) => {
    const message = messageOf(text);
    assert.ok(message === text || message.endsWith("…") && text.startsWith(message.slice(0, -1)));
    assert.ok(message.length <= 501 && message.isWellFormed() === text.isWellFormed());
  }));
});
