import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import type { EventRecord } from "../../lib/base/json.ts";
import { PackflowError } from "../../lib/base/errors.ts";
import { originalBytes } from "../../lib/stream/dead_letter.ts";
import type { RunPosition, RunStreamOptions } from "../../lib/stream/run_options.ts";
import { runStream } from "../../lib/stream/run_stream.ts";
import type { BlockOptions } from "../../lib/records/block.ts";
import type { Infer } from "../../lib/records/infer_events.ts";
import { fc } from "../helpers/fast_check.ts";
import { blockOptions, LocalWorker } from "../helpers/local_worker.ts";
import {
  bytesOf,
  concat,
  FakeClock,
  ManualSource,
  MemorySink,
  memorySource,
  pieces,
  settle,
} from "../helpers/streams.ts";

const echo = (events: EventRecord[]) => Promise.resolve(events);
/** Fails for events with `bad`. */
const picky = (events: EventRecord[]) => {
  if (events.some(({ bad }) => bad === true)) throw new PackflowError("event.wrong_type", "Cannot take bad");
  return Promise.resolve(events);
};

type More = Partial<RunStreamOptions & BlockOptions> & { infer?: Infer };

function optionsOf(more: More) {
  const { infer = echo, batchSize = 256, onError = "fail", outputFormat = "ndjson", ...rest } = more;
  const { maxEventBytes = 1e6, ...options } = rest;
  const block = blockOptions({ batchSize, onError, outputFormat, maxEventBytes });
  const startWorker = (block: BlockOptions) => new LocalWorker(infer, block);
  return { clock: new FakeClock(), startWorker, block, ...options };
}

async function run(input: string | Uint8Array | Uint8Array[], more: More = {}) {
  const sink = new MemorySink();
  return { summary: await runStream({ source: memorySource(input), sink, ...optionsOf(more) }), sink };
}

const twoKilobytes = () => {
  let text = "";
  for (let id = 0; text.length < 2000; id++) {
    text += JSON.stringify({ id, s: "é,]}\n\\" + "x".repeat(id % 40) }) + "\n";
  }
  return bytesOf(text);
};

Deno.test("no event, no output, nothing wrong", async () => {
  const { summary, sink } = await run("");
  deepStrictEqual(summary, {
    outcome: "completed",
    read: 0,
    written: 0,
    failed: 0,
    skipped: 0,
    dead: 0,
    unanswered: 0,
    batches: 0,
    bytesRead: 0,
    seconds: 0,
    startSeconds: 0,
    stages: { infer: 0, convert: 0 },
  });
  strictEqual(sink.text, "");
  strictEqual((await run("[ ]", { outputFormat: "json" })).sink.text, "[]\n");
});

Deno.test("a stream cut at every byte loses no complete line, and the rest is one error", async () => {
  const input = twoKilobytes();
  for (let cut = 0; cut <= input.length; cut++) {
    const { summary } = await run(input.slice(0, cut), { onError: "skip", batchSize: 7 });
    const complete = input.subarray(0, cut).filter((byte) => byte === 0x0a).length;
    const rest = input.subarray(0, cut).at(-1) === 0x0a || cut === 0 ? 0 : 1;
    // Cut between the brace and the line end, the last line is whole.
    const whole = input[cut] === 0x0a ? rest : 0;
    strictEqual(summary.written, complete + whole, `cut at ${cut}`);
    strictEqual(summary.skipped, rest - whole, `cut at ${cut}`);
  }
});

Deno.test("chunks of every size give the same output", async () => {
  const input = twoKilobytes();
  const array = bytesOf(`[${new TextDecoder().decode(input).trim().replaceAll("\n", ",\n")}]`);
  const expected = (await run(input)).sink.text;
  for (let size = 1; size <= 300; size++) {
    strictEqual((await run(pieces(input, size), { batchSize: 1 + size % 9 })).sink.text, expected);
    strictEqual((await run(pieces(array, size), { batchSize: 1 + size % 9 })).sink.text, expected);
  }
});

Deno.test("order is kept and every event is answered once, whatever fails, and however", async () => {
  const kind = fc.constantFrom("good", "bad", "broken", "array");
  const settings = fc.record({
    onError: fc.constantFrom("skip", "emit"),
    batchSize: fc.integer({ min: 1, max: 9 }),
    outputFormat: fc.constantFrom("json", "ndjson"),
    size: fc.integer({ min: 1, max: 50 }),
    keepsDead: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(kind), settings, async (kinds, { size, keepsDead, ...options }) => {
      const lines = kinds.map((kind, id) =>
        kind === "array"
          ? "[]"
          : JSON.stringify({ id, bad: kind === "bad" }).slice(0, kind === "broken" ? 5 : undefined)
      );
      const dead = new MemorySink();
      const { summary, sink } = await run(pieces(bytesOf(lines.join("\n")), size), {
        ...options,
        inputFormat: "ndjson",
        infer: picky,
        ...(keepsDead ? { deadLetter: { sink: dead } } : {}),
      });
      const good = kinds.map((kind, id) => ({ kind, id })).filter(({ kind }) => kind === "good");
      const out = options.outputFormat === "json" ? JSON.parse(sink.text) : sink.lines;
      const ids = out.map((result: { id?: number; error?: unknown }) =>
        result.error === undefined ? result.id : -1
      );
      const inPlace = kinds.map((kind, id) => kind === "good" ? id : -1);
      deepStrictEqual(ids, options.onError === "emit" ? inPlace : good.map(({ id }) => id));
      const failed = kinds.length - good.length;
      strictEqual(summary.outcome, "completed");
      strictEqual(summary.failed, failed);
      strictEqual(summary.written, options.onError === "emit" ? kinds.length : good.length);
      strictEqual(summary.read, summary.written + summary.dead + summary.skipped);
      strictEqual(dead.lines.length, keepsDead ? failed : 0);
    }),
    { numRuns: 300 },
  );
});

Deno.test("fail stops at the first failing event, with everything before it written and its place told", async () => {
  for (const batchSize of [1, 2, 256]) {
    const input = '{"id":0}\n\n{"id":1}\n {"id":2,"bad":true}\n{"id":3}\n';
    const { summary, sink } = await run(input, { infer: picky, batchSize });
    strictEqual(sink.text, '{"id":0}\n{"id":1}\n');
    const { outcome, read, written, failed, unanswered, failure } = summary;
    deepStrictEqual({ outcome, read, written, failed, unanswered }, {
      outcome: "failed",
      read: 3,
      written: 2,
      failed: 1,
      unanswered: 1,
    });
    strictEqual(failure?.code, "event.wrong_type");
    deepStrictEqual(failure.place, { file: "memory", line: 4, column: 1, eventIndex: 2 });
  }
});

Deno.test("fail tells no position behind the failing event: what comes after it has not been answered", async () => {
  const input = bytesOf('{"id":1}\n{"id":2}\n{"id":3,"bad":true}\n{"id":4}\n');
  for (const size of [1, 9, 20, 100]) {
    const offsets: number[] = [];
    const onPosition = ({ offset }: { offset: number }) => Promise.resolve(void offsets.push(offset));
    const { summary } = await run(pieces(input, size), { onPosition, infer: picky });
    strictEqual(summary.outcome, "failed");
    ok(offsets.every((offset) => offset <= 18), `${offsets}`);
  }
});

Deno.test("fail closes a JSON array, and tells the column of a fault", async () => {
  const { summary, sink } = await run('[{"a":1},\n  {"a":tru}]', { outputFormat: "json" });
  strictEqual(sink.text, '[\n{"a":1}\n]\n');
  deepStrictEqual(summary.failure?.place, { file: "memory", line: 2, column: 11, eventIndex: 1 });
});

Deno.test("fail with dead letters keeps the failing event there", async () => {
  const dead = new MemorySink();
  const { summary } = await run('{"id":0}\n{"bad":true}\n', { infer: picky, deadLetter: { sink: dead } });
  deepStrictEqual([summary.outcome, summary.read, summary.written, summary.dead], ["failed", 2, 1, 1]);
  deepStrictEqual((dead.lines[0] as { record: unknown }).record, { bad: true });
});

Deno.test("dead letters replay: their bytes, run again, are the events that failed", async () => {
  const broken = [
    bytesOf('{"n":12345678901234567890,"bad":true}'),
    bytesOf("{"),
    Uint8Array.of(0x22, 0xff, 0x22),
  ];
  const input = concat(...broken.flatMap((record) => [bytesOf('{"id":0}\r\n'), record, bytesOf("\r\n")]));
  const dead = new MemorySink();
  const { summary } = await run(input, { infer: picky, onError: "skip", deadLetter: { sink: dead } });
  strictEqual(summary.dead, 3);
  const records = dead.text.trim().split("\n").map((line) => originalBytes(line));
  deepStrictEqual(records, broken);
  const again = await run(concat(...broken.flatMap((record) => [record, bytesOf("\n")])), {
    onError: "skip",
    infer: echo,
  });
  deepStrictEqual([again.summary.written, again.summary.skipped], [1, 2]);
});

Deno.test("encodings: a mark, CRLF and lone CR are read, bytes that are not UTF-8 are that event's error", async () => {
  strictEqual((await run('\uFEFF{"a":1}\r\n{"b":\r2}')).sink.text, '{"a":1}\n{"b":2}\n');
  const bad = [
    "80",
    "ff",
    "c0af",
    "e080af",
    "eda080",
    "edb080",
    "f4908080",
    "f8888080",
    "fe",
    "c3",
    "e282",
    "f09f98",
    "c1bf",
  ];
  for (const hex of bad) {
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
    const input = concat(bytesOf('{"a":1}\n{"x":"'), bytes, bytesOf('"}\n{"b":"é"}\n'));
    const { summary, sink } = await run(input, { onError: "emit" });
    deepStrictEqual(sink.lines.map((line) => (line as { error?: { code: string } }).error?.code), [
      undefined,
      "event.invalid_utf8",
      undefined,
    ], hex);
    strictEqual(summary.read, 3);
  }
});

Deno.test("sizes: up to the limit an event is answered, over it it fails and the stream goes on", async () => {
  const limit = 1024 * 1024;
  const line = (size: number) => `{"s":"${"x".repeat(size - 8)}"}\n`;
  for (const size of [64 * 1024, limit, limit + 1, 4 * limit]) {
    const input = bytesOf(`{"a":1}\n${line(size)}{"b":2}\n`);
    const { summary, sink } = await run(pieces(input, 60_000), { maxEventBytes: limit, onError: "emit" });
    strictEqual(summary.failed, size > limit ? 1 : 0);
    strictEqual(sink.text.endsWith('{"b":2}\n'), true);
    strictEqual(summary.written, 3);
    if (size > limit) strictEqual(sink.text.includes('"event.too_large"'), true);
  }
});

Deno.test("keys that name parts of prototypes stay data at any depth, on the way in and out", async () => {
  for (const key of ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype"]) {
    for (let depth = 1; depth <= 4; depth++) {
      const line = `{"${key}":`.repeat(depth) + '{"polluted":1}' + "}".repeat(depth) + "\n";
      strictEqual((await run(line)).sink.text, line);
    }
  }
  strictEqual(({} as Record<string, unknown>).polluted, undefined);
});

Deno.test("a sink that takes nothing stops the reading", async () => {
  const source = new ManualSource();
  const chunk = '{"a":1}\n'.repeat(1000);
  for (let i = 0; i < 1000; i++) source.send(chunk);
  const sink = { name: "stuck", write: () => new Promise<void>(() => {}), close: () => Promise.resolve() };
  let inferred = 0;
  const infer = (events: EventRecord[]) => {
    inferred += events.length;
    return echo(events);
  };
  runStream({ source, sink, ...optionsOf({ infer }) });
  for (let i = 0; i < 20; i++) await settle();
  const before = [source.asked, inferred];
  for (let i = 0; i < 20; i++) await settle();
  deepStrictEqual([source.asked, inferred], before);
  // 1 MiB read ahead, and four blocks under way, in each of which there is more than in the one before.
  strictEqual(source.asked < 300, true);
  strictEqual(inferred < 50_000, true);
});

Deno.test("abort drains: what was read is answered, the source is let go, the outcome says so", async () => {
  const source = new ManualSource();
  const sink = new MemorySink();
  const stop = new AbortController();
  const running = runStream({ source, sink, ...optionsOf({ signal: stop.signal, maxWaitMs: 1e6 }) });
  source.send('{"id":0}\n{"id":1}\n{"id":');
  await settle();
  strictEqual(sink.text, "");
  stop.abort();
  const summary = await running;
  deepStrictEqual([summary.outcome, summary.read, summary.written], ["drained", 2, 2]);
  strictEqual(sink.text, '{"id":0}\n{"id":1}\n');
  strictEqual(source.returned, true);
});

Deno.test("a closed sink ends the run quietly, and tells what is unanswered", async () => {
  const sink = new MemorySink(2, new PackflowError("sink.closed", "Cannot write"));
  const { summary } = await run('{"id":0}\n'.repeat(10), { sink, batchSize: 1 });
  deepStrictEqual([summary.outcome, summary.failure, summary.written], ["closed", undefined, 1]);
  strictEqual(summary.read, summary.written + summary.unanswered);
  strictEqual(summary.unanswered > 0, true);
});

Deno.test("a sink that fails fails the run", async () => {
  const full = new PackflowError("sink.write_failed", "Cannot write");
  const { summary } = await run('{"id":0}\n'.repeat(10), { sink: new MemorySink(1, full) });
  deepStrictEqual([summary.outcome, summary.failure, summary.written, summary.unanswered], [
    "failed",
    full,
    0,
    10,
  ]);
});

Deno.test("dead letters that cannot be written fail the run, and the events are unanswered", async () => {
  const sink = new MemorySink(1, new PackflowError("sink.closed", "Cannot write"));
  const { summary } = await run('{"id":0}\nx\n', { onError: "skip", deadLetter: { sink } });
  deepStrictEqual([summary.outcome, summary.failure?.code], ["failed", "sink.write_failed"]);
  deepStrictEqual([summary.read, summary.written, summary.dead, summary.unanswered], [2, 1, 0, 1]);
});

Deno.test("a source that fails fails the run after what was read is answered", async () => {
  async function* read() {
    yield await Promise.resolve(bytesOf('{"id":0}\n{"id":1}\n'));
    throw new Error("unplugged");
  }
  const source = { name: "x", mayPause: false, chunks: { [Symbol.asyncIterator]: read } };
  const { summary } = await run("", { source });
  deepStrictEqual([summary.outcome, summary.failure?.code, summary.written], [
    "failed",
    "source.read_failed",
    2,
  ]);
});

Deno.test("progress tells what has been done so far", async () => {
  const seen: number[] = [];
  await run('{"id":0}\n'.repeat(10), { batchSize: 2, onProgress: ({ read }) => seen.push(read) });
  strictEqual(seen.at(-1), 10);
  deepStrictEqual(seen, seen.toSorted((a, b) => a - b));
});

Deno.test("what throws in the caller's own progress is the caller's", async () => {
  const own = new Error("own");
  const onProgress = () => {
    throw own;
  };
  await rejects(run('{"id":0}\n', { onProgress }), own);
});

/** Workers that end over events with `kill`, and hang over those with `hang`. */
function mortalWorkers(block: BlockOptions) {
  let started = 0;
  const startWorker = () => {
    started++;
    const worker: LocalWorker = new LocalWorker((events) => {
      if (events.some(({ kill }) => kill === true)) {
        worker.die(new PackflowError("worker.exited", "Cannot go on"));
        return new Promise(() => {});
      }
      if (events.some(({ hang }) => hang === true)) return new Promise(() => {});
      return picky(events);
    }, block);
    return worker;
  };
  return { startWorker, started: () => started };
}

Deno.test("an event over which workers end fails alone, in its place, at whatever number of workers", async () => {
  const setup = fc.record({
    kinds: fc.array(fc.constantFrom("good", "good", "good", "bad", "kill"), { maxLength: 60 }),
    workers: fc.integer({ min: 1, max: 3 }),
    batchSize: fc.integer({ min: 1, max: 20 }),
    isArray: fc.boolean(),
    unordered: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(setup, async ({ kinds, workers, batchSize, isArray, unordered }) => {
      const lines = kinds.map((kind, id) => JSON.stringify({ id, [kind]: true }));
      const input = isArray ? `[${lines.join(",")}]` : lines.join("\n");
      const options = optionsOf({ onError: "emit", batchSize, workers, unordered });
      const { startWorker, started } = mortalWorkers(options.block);
      const { summary, sink } = await run(input, { ...options, startWorker });
      const ids = (sink.lines as { id?: number; error?: { code: string } }[])
        .map(({ id, error }) => error?.code ?? id);
      const expected = kinds.map((kind, id) =>
        kind === "good" ? id : kind === "bad" ? "event.wrong_type" : "worker.exited"
      );
      deepStrictEqual(unordered ? ids.toSorted() : ids, unordered ? expected.toSorted() : expected);
      strictEqual(summary.failed, kinds.filter((kind) => kind !== "good").length);
      strictEqual(summary.outcome, "completed");
      // A kill costs few workers: the block, a part of it and the event itself, in blocks of up to 256.
      const kills = kinds.filter((kind) => kind === "kill").length;
      strictEqual(started() <= workers + 3 * kills, true);
    }),
    { numRuns: 60 },
  );
});

Deno.test("an event over which a worker hangs fails alone, when its time is over", async () => {
  const clock = new FakeClock();
  const dead = new MemorySink();
  const options = optionsOf({ onError: "skip", timeoutMs: 100, clock, deadLetter: { sink: dead } });
  const { startWorker } = mortalWorkers(options.block);
  let isOver = false;
  const running = run('{"id":0}\n{"hang":true}\n\n{"id":2}\n', { ...options, startWorker })
    .finally(() => isOver = true);
  for (let i = 0; i < 100 && !isOver; i++) {
    await settle();
    clock.advance(50);
  }
  const { summary, sink } = await running;
  strictEqual(sink.text, '{"id":0}\n{"id":2}\n');
  deepStrictEqual([summary.dead, summary.outcome], [1, "completed"]);
  const [letter] = dead.lines as { code: string; stage: string; source: unknown }[];
  deepStrictEqual([letter?.code, letter?.stage, letter?.source], ["worker.timeout", "worker", {
    name: "memory",
    offset: 9,
    line: 2,
  }]);
});

Deno.test("fail stops at an event over which the worker ends, with its place", async () => {
  const options = optionsOf({});
  const { startWorker } = mortalWorkers(options.block);
  const { summary, sink } = await run('{"id":0}\n{"kill":true}\n{"id":2}\n', { ...options, startWorker });
  strictEqual(sink.text, '{"id":0}\n');
  deepStrictEqual([summary.outcome, summary.failure?.code], ["failed", "worker.exited"]);
  deepStrictEqual(summary.failure?.place, { file: "memory", line: 2, column: 1, eventIndex: 1 });
});

Deno.test("a worker that cannot be started fails the run with its reason", async () => {
  const reason = new PackflowError("model.not_found", "Cannot open");
  const startWorker = () => new LocalWorker(echo, {}, Promise.reject(reason));
  const { summary, sink } = await run('{"id":0}\n', { startWorker, outputFormat: "ndjson" });
  deepStrictEqual([summary.outcome, summary.failure, summary.read, sink.text], ["failed", reason, 0, ""]);
});

Deno.test("too many failures end the run", async () => {
  const input = '{"bad":true}\n{"id":1}\n'.repeat(500);
  const { summary } = await run(input, {
    infer: picky,
    onError: "skip",
    batchSize: 10,
    maxErrors: { count: 20 },
  });
  deepStrictEqual([summary.outcome, summary.failure?.code], ["failed", "event.too_many_failed"]);
  strictEqual(summary.failed > 20 && summary.failed < 500, true);
  const share = await run(input, { infer: picky, onError: "skip", maxErrors: { share: 0.5 } });
  strictEqual(share.summary.outcome, "completed");
});

Deno.test("a run that goes on from any position it has told gives the rest, and places count on", async () => {
  const lines = Array.from({ length: 40 }, (_, id) => id % 9 === 4 ? "x" : JSON.stringify({ id }));
  for (
    const [input, outputFormat] of [[lines.join("\n"), "ndjson"], [`[${lines.join(",\n")}]`, "json"]] as const
  ) {
    const positions: { position: RunPosition; bytes: number }[] = [];
    const sink = new MemorySink();
    const more: More = { onError: "emit", batchSize: 3, outputFormat, sink };
    const onPosition = (position: RunPosition) => {
      positions.push({ position, bytes: concat(...sink.writes).length });
      return Promise.resolve();
    };
    const dead = new MemorySink();
    await run(input, { ...more, onPosition, deadLetter: { sink: dead } });
    strictEqual(positions.length > 1, true);
    const linesOf = (letters: MemorySink) =>
      letters.lines.map((letter) => (letter as { source: { line: number } }).source.line);
    for (const { position, bytes } of positions) {
      const rest = new MemorySink();
      const deadRest = new MemorySink();
      await run(input, { ...more, start: position, sink: rest, deadLetter: { sink: deadRest } });
      strictEqual(sink.text.slice(0, bytes) + rest.text, sink.text);
      const expected = linesOf(dead);
      const found = linesOf(deadRest);
      deepStrictEqual(found, found.length === 0 ? [] : expected.slice(-found.length));
    }
  }
});

Deno.test("rows have one header, whatever the workers and blocks, also when a run goes on", async () => {
  const events = Array.from(
    { length: 30 },
    (_, id) => ({ id, s: "a,b", ...(id === 5 ? { bad: true } : {}) }),
  );
  const input = events.map((event) => JSON.stringify(event)).join("\n");
  const positions: { position: RunPosition; bytes: number }[] = [];
  const sink = new MemorySink();
  const more: More = { infer: picky, batchSize: 2, workers: 3, onError: "skip", outputFormat: "csv", sink };
  const onPosition = (position: RunPosition) => {
    positions.push({ position, bytes: concat(...sink.writes).length });
    return Promise.resolve();
  };
  await run(input, { ...more, onPosition });
  const rows = events.filter(({ bad }) => bad !== true).map(({ id }) => `${id},"a,b"\n`);
  strictEqual(sink.text, `id,s\n${rows.join("")}`);
  for (const { position, bytes } of positions) {
    const rest = new MemorySink();
    await run(input, { ...more, start: position, sink: rest });
    strictEqual(sink.text.slice(0, bytes) + rest.text, sink.text);
  }
});
