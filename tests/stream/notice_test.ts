import { deepStrictEqual } from "node:assert/strict";
import { Notice } from "../../lib/stream/notice.ts";
import { settle } from "../helpers/streams.ts";

Deno.test("everyone who waits is woken once, and nobody by a notice of before", async () => {
  const notice = new Notice();
  const woken: string[] = [];
  notice.give();
  notice.wait().then(() => woken.push("a"));
  notice.wait().then(() => woken.push("b"));
  await settle();
  deepStrictEqual(woken, []);
  notice.give();
  notice.give();
  await settle();
  deepStrictEqual(woken, ["a", "b"]);
});
