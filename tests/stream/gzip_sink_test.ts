import { rejects, strictEqual } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { PackflowError } from "../../lib/base/errors.ts";
import { gzipSink } from "../../lib/stream/gzip_sink.ts";
import type { Sink } from "../../lib/stream/sink.ts";
import { bytesOf, concat, MemorySink, textOf } from "../helpers/streams.ts";

Deno.test("the sink inside gets the results packed, all of them when it is closed", async () => {
  const inside = new MemorySink();
  let closed = 0;
  const sink = gzipSink({
    name: "x.gz",
    write: (bytes) => inside.write(bytes),
    close: () => Promise.resolve(void closed++),
  });
  strictEqual(sink.name, "x.gz");
  for (let i = 0; i < 1000; i++) await sink.write(bytesOf(`{"a":${i}}\n`));
  await sink.close();
  strictEqual(closed, 1);
  const lines = textOf(gunzipSync(concat(...inside.writes))).split("\n");
  strictEqual(lines.length, 1001);
  strictEqual(lines[999], '{"a":999}');
});

Deno.test("a sink that fails is closed all the same, and its error comes through", async () => {
  const error = new PackflowError("sink.write_failed", "Cannot write");
  let closed = false;
  const failing: Sink = {
    name: "x.gz",
    write: () => Promise.reject(error),
    close() {
      closed = true;
      return Promise.resolve();
    },
  };
  const sink = gzipSink(failing);
  await rejects(async () => {
    for (let i = 0; i < 100; i++) await sink.write(crypto.getRandomValues(new Uint8Array(60_000)));
  }, error);
  await rejects(sink.close(), error);
  strictEqual(closed, true);
});
