import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { followFile } from "../../lib/stream/follow_source.ts";
import { FakeClock, textOf } from "../helpers/streams.ts";

/** A clock that tells when somebody has begun to wait. */
class WatchedClock extends FakeClock {
  #waits = Promise.withResolvers<void>();

  get waiting(): Promise<void> {
    return this.#waits.promise;
  }

  override after(ms: number, callback: () => void): () => void {
    const cancel = super.after(ms, callback);
    this.#waits.resolve();
    return cancel;
  }

  override advance(ms: number): void {
    this.#waits = Promise.withResolvers();
    super.advance(ms);
  }
}

async function following(
  body: (
    file: { path: string; clock: WatchedClock; next: () => Promise<string>; close: () => void },
  ) => Promise<void>,
  { mustStay = false, offset = 0 } = {},
) {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/log.ndjson`;
  await Deno.writeTextFile(path, "1\n2\n");
  const clock = new WatchedClock();
  const chunks = followFile(path, { clock, mustStay, offset }).chunks[Symbol.asyncIterator]();
  const next = async () => {
    const { done, value } = await chunks.next();
    return done ? "end" : textOf(value);
  };
  try {
    await body({ path, clock, next, close: () => void chunks.return?.() });
  } finally {
    await chunks.return?.();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("what is appended comes at the next look", () =>
  following(async ({ path, clock, next }) => {
    strictEqual(await next(), "1\n2\n");
    const later = next();
    await clock.waiting;
    await Deno.writeTextFile(path, "3\n", { append: true });
    clock.advance(200);
    strictEqual(await later, "3\n");
  }));

Deno.test("it begins where it is told to", () =>
  following(async ({ next }) => strictEqual(await next(), "2\n"), { offset: 2 }));

Deno.test("letting go ends a wait", () =>
  following(async ({ clock, next, close }) => {
    await next();
    const later = next();
    await clock.waiting;
    close();
    strictEqual(await later, "end");
    deepStrictEqual(clock.timers, []);
  }));

Deno.test("a file that is cut is read from its beginning, and an unfinished line ended", () =>
  following(async ({ path, clock, next }) => {
    await Deno.writeTextFile(path, "3 is not fini", { append: true });
    strictEqual(await next(), "1\n2\n3 is not fini");
    const later = next();
    await clock.waiting;
    await Deno.writeTextFile(path, "a\n");
    clock.advance(200);
    deepStrictEqual([await later, await next()], ["\n", "a\n"]);
  }));

Deno.test("a file that is replaced is read to its end, then the new one", () =>
  following(async ({ path, clock, next }) => {
    await next();
    const later = next();
    await clock.waiting;
    await Deno.rename(path, `${path}.1`);
    await Deno.writeTextFile(`${path}.1`, "3\n", { append: true });
    clock.advance(200);
    strictEqual(await later, "3\n");
    const newer = next();
    await clock.waiting;
    await Deno.writeTextFile(path, "one\ntwo\nthree\n");
    clock.advance(200);
    strictEqual(await newer, "one\ntwo\nthree\n");
  }));

Deno.test("where positions must keep their meaning, a file that is cut is an error", () =>
  following(async ({ path, clock, next }) => {
    await next();
    const later = next();
    await clock.waiting;
    await Deno.truncate(path, 1);
    const failed = rejects(later, { code: "source.read_failed" });
    clock.advance(200);
    await failed;
  }, { mustStay: true }));

Deno.test("a file that is not there is not waited for", () =>
  following(async ({ path, next }) => {
    await Deno.remove(path);
    await rejects(next(), { code: "source.not_found" });
  }));
