import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import {
  checkRunOptions,
  errorLimit,
  names,
  type RunOptions,
  sandboxOf,
  withPartition,
  withRunSettings,
  workersOf,
} from "../../lib/cli/run_options.ts";
import { collect } from "../../lib/cli/options.ts";

const OPTIONS: RunOptions = {
  output: "-",
  batchSize: 256,
  maxWait: 0,
  onError: "fail",
  timeout: 0,
  maxEventBytes: 1024,
  checkpointInterval: 1000,
  sandbox: "auto",
};

Deno.test("options that do not go together are refused with what to do", () => {
  const refused: [Partial<RunOptions>, RegExp][] = [
    [{ replay: "d.ndjson", input: ["a.ndjson"] }, /--replay takes the place of --input/],
    [{ partitionBy: "id" }, /add --unordered/],
    [{ follow: true }, /--follow needs one input/],
    [{ follow: true, input: ["a", "b"] }, /--follow needs one input/],
    [{ follow: true, input: ["a.ndjson.gz"] }, /not packed/],
    [{ checkpoint: "c.json" }, /--checkpoint needs inputs that are files/],
    [{ checkpoint: "c.json", input: ["a.ndjson"] }, /--checkpoint needs an output that is a file/],
    [{ checkpoint: "c.json", input: ["a.ndjson"], output: "o.ndjson.gz" }, /not packed/],
  ];
  for (const [options, reason] of refused) {
    assert.throws(
      () => checkRunOptions({ ...OPTIONS, ...options }),
      (error) =>
        error instanceof PackflowError && error.code === "usage.invalid" && reason.test(error.message),
    );
  }
});

Deno.test("a project with state per key is run by one worker, or shared out by the key where order may change", () => {
  assert.deepEqual(withPartition(OPTIONS, undefined), OPTIONS);
  assert.equal(withPartition(OPTIONS, "sensor").workers, 1);
  assert.equal(withPartition({ ...OPTIONS, workers: 1 }, "sensor").partitionBy, undefined);
  const unordered = withPartition({ ...OPTIONS, unordered: true, workers: 3 }, "sensor");
  assert.deepEqual([unordered.partitionBy, unordered.workers], ["sensor", 3]);
  const other = { ...OPTIONS, unordered: true, partitionBy: "room" } as const;
  assert.deepEqual(withPartition(other, "sensor"), other);
  assert.throws(
    () => withPartition({ ...OPTIONS, workers: 2 }, "sensor"),
    (error) =>
      error instanceof PackflowError && error.code === "usage.invalid" &&
      /2 workers in order as the project keeps state per "sensor"/.test(error.message) &&
      /--unordered/.test(error.remedy ?? ""),
  );
});

Deno.test("options that go together are taken", () => {
  checkRunOptions(OPTIONS);
  checkRunOptions({ ...OPTIONS, partitionBy: "id", unordered: true });
  checkRunOptions({ ...OPTIONS, checkpoint: "c.json", input: ["a.ndjson"], output: "o.ndjson" });
  checkRunOptions({ ...OPTIONS, follow: true, input: ["a.ndjson"] });
});

Deno.test("values of options are parsed, or refused", () => {
  assert.deepEqual(names("a, b", true), ["a", "b"]);
  assert.deepEqual(names("c", ["a"]), ["a", "c"]);
  assert.deepEqual(collect("b", ["a"]), ["a", "b"]);
  assert.notDeepEqual(errorLimit("5"), errorLimit("5%"));
  for (const wrong of ["", "-1", "1.5", "x", "101%", "%"]) assert.throws(() => errorLimit(wrong), wrong);
});

Deno.test("workers and sandbox are as asked for", () => {
  assert.equal(workersOf({ ...OPTIONS, workers: 3 }), 3);
  assert.ok(workersOf(OPTIONS) >= 1);
  assert.deepEqual(sandboxOf(OPTIONS), { mode: "auto" });
  assert.deepEqual(
    sandboxOf({ ...OPTIONS, sandbox: "strict", allowNet: ["a:1"], allowEnv: true, allowRead: ["/x"] }),
    {
      mode: "strict",
      allowNet: ["a:1"],
      allowEnv: true,
      allowRead: ["/x"],
    },
  );
});

Deno.test("what the project says of its runs holds where the options say nothing", () => {
  const { batchSize: _, ...options } = OPTIONS;
  assert.equal(withRunSettings(options, {}).batchSize, undefined);
  const { batchSize, workers } = withRunSettings(options, { batchSize: 64, workers: 2 });
  assert.deepEqual([batchSize, workers], [64, 2]);
  const asked = withRunSettings({ ...OPTIONS, workers: 3 }, { batchSize: 64, workers: 2 });
  assert.deepEqual([asked.batchSize, asked.workers], [256, 3]);
});
