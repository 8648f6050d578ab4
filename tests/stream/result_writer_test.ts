import { rejects, strictEqual } from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { ResultWriter } from "../../lib/stream/result_writer.ts";
import { bytesOf, MemorySink } from "../helpers/streams.ts";

Deno.test("blocks of a JSON array become one array", async () => {
  const sink = new MemorySink();
  const writer = new ResultWriter(sink, "json");
  await writer.write(bytesOf("1,\n2"));
  await writer.write(bytesOf("3"));
  await writer.end();
  strictEqual(sink.text, "[\n1,\n2,\n3\n]\n");
});

Deno.test("no result is an empty array, or nothing", async () => {
  const json = new MemorySink();
  await new ResultWriter(json, "json").end();
  strictEqual(json.text, "[]\n");
  const lines = new MemorySink();
  await new ResultWriter(lines, "ndjson").end();
  strictEqual(lines.writes.length, 0);
});

Deno.test("a sink's own error goes on as it is, any other is wrapped", async () => {
  const closed = new PackflowError("sink.closed", "Cannot write");
  await rejects(new ResultWriter(new MemorySink(1, closed), "ndjson").write(bytesOf("1")), closed);
  const other = new Error("x");
  const writer = new ResultWriter(new MemorySink(1, other), "ndjson");
  await rejects(writer.write(bytesOf("1")), { code: "sink.write_failed", cause: other });
});
