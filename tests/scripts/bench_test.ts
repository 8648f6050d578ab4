import assert from "node:assert/strict";
import { compareAnswers, isSameAnswer } from "../../scripts/bench/compare_answers.ts";
import { replaceMarked, table } from "../../scripts/bench/markdown.ts";
import { type Comparison, fastest, rateOf, type Timing } from "../../scripts/bench/measure.ts";
import { measuredRun } from "../../scripts/bench/measured_run.ts";
import { parseOptions } from "../../scripts/bench/options.ts";
import { bytesIn, parentOf, treeOf } from "../../scripts/bench/process_memory.ts";
import { batchSizeTable, type Figures, report, stageTable } from "../../scripts/bench/report.ts";
import { lastLineOf } from "../../scripts/bench/run_process.ts";
import { growthOf, median, spreadOf } from "../../scripts/bench/statistics.ts";
import { writeRepeated } from "../../scripts/bench/workloads.ts";
import { writeProject } from "../helpers/project_fixture.ts";

const PERFORMANCE = new URL("../../docs/performance.md", import.meta.url);

Deno.test("median takes the middle, or the mean of the middle two, of values in any order", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([10, 1, 3, 2]), 2.5);
  assert.equal(median([7]), 7);
  assert.throws(() => median([]), RangeError);
});

Deno.test("spreadOf has the extremes beside the median and leaves the values as they are", () => {
  const values = [5, 1, 9];
  assert.deepEqual(spreadOf(values), { median: 5, least: 1, most: 9 });
  assert.deepEqual(values, [5, 1, 9]);
});

Deno.test("growthOf sees a trend and no single peaks", () => {
  assert.equal(growthOf([1, 1, 1, 90, 1, 1, 1, 1, 90, 1, 1, 1]), 0);
  assert.equal(growthOf([0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 7, 7, 7, 7, 7, 9, 9, 9]), 9);
  assert.equal(growthOf([4]), 0);
});

Deno.test("isSameAnswer allows 1e-5 in numbers, but not in labels, keys or types", () => {
  const answer = { label: 1, probabilities: [0.25, 0.75], name: "a", flag: true };
  assert.ok(isSameAnswer(answer, { ...answer, probabilities: [0.250009, 0.749991] }));
  assert.ok(isSameAnswer({ label: 1, score: 1 }, { score: 1, label: 1 }), "order of keys");
  for (
    const other of [
      { ...answer, probabilities: [0.25002, 0.75] },
      { ...answer, probabilities: [0.25] },
      { ...answer, probabilities: { 0: 0.25, 1: 0.75 } },
      { ...answer, label: 1.000001 },
      { ...answer, label: "1" },
      { ...answer, name: "b" },
      { ...answer, flag: 1 },
      { ...answer, extra: null },
      { label: 1, probabilities: [0.25, 0.75], name: "a", other: true },
      null,
    ]
  ) assert.ok(!isSameAnswer(answer, other), JSON.stringify(other));
});

Deno.test("compareAnswers reads all rows of both files", async () => {
  const row = '{"label": 1, "score": 0.5}\n';
  await using files = await writeProject({
    ours: row.repeat(50_000),
    // white space and digits differ, and the last newline is missing
    same: '{"label":1,"score":0.500001}\n'.repeat(50_000).trimEnd(),
    wrong: row.repeat(49_999) + '{"label": 0, "score": 0.5}\n',
    short: row.repeat(49_999),
    long: row.repeat(50_001),
  });
  const path = (name: string) => `${files.folder}/${name}`;
  assert.equal(await compareAnswers(path("ours"), path("same")), 50_000);
  await assert.rejects(compareAnswers(path("ours"), path("wrong")), /Row 50000 must be the same/);
  await assert.rejects(compareAnswers(path("ours"), path("short")), /ends before row 50000/);
  await assert.rejects(compareAnswers(path("ours"), path("long")), /ends after row 50000/);
});

Deno.test("measuredRun takes the summary of either side and refuses other counts", () => {
  const result = (stderr: string) => ({ wallSeconds: 3, stderr, memory: [] });
  const theirs = measuredRun(result('warning\n{"rows": 5, "seconds": 2}\n'), 5);
  assert.deepEqual(theirs, { seconds: 2, wallSeconds: 3, memory: [], stages: {} });
  const summary = {
    schema: "packflow.run/1",
    read: 5,
    written: 5,
    seconds: 1,
    stages: { parse: 7, unit: "ms" },
  };
  const ours = measuredRun(result(JSON.stringify({ ...summary, startSeconds: 0.25 })), 5);
  assert.deepEqual(ours, { seconds: 0.75, wallSeconds: 3, memory: [], stages: { parse: 7 } });
  for (const wrong of [{ ...summary, written: 4 }, { ...summary, seconds: "1" }, { rows: 6, seconds: 1 }]) {
    assert.throws(() => measuredRun(result(JSON.stringify(wrong)), 5), /must handle 5 events/);
  }
});

Deno.test("lastLineOf says what stands there in place of a summary", () => {
  assert.throws(() => lastLineOf("{}\nerror Cannot"), /it is "error Cannot"/);
  assert.throws(() => lastLineOf("7"), /must be a JSON object/);
});

Deno.test("process trees and their memory are read from the texts of /proc", () => {
  assert.equal(parentOf("12 (a) b (c)) S 7 12 12 0"), 7);
  assert.equal(parentOf(""), undefined);
  const parents = new Map([[2, 1], [3, 2], [4, 3], [9, 8]]);
  assert.deepEqual(treeOf(2, parents), [2, 3, 4]);
  assert.equal(bytesIn("Rss:   40 kB\nPss:      30 kB\nPss_Anon:  20 kB\n", "PSS"), 30 * 1024);
  assert.equal(bytesIn("VmRSS:\t    40 kB\n", "RSS"), 40 * 1024);
  assert.equal(bytesIn("", "PSS"), 0);
});

Deno.test("writeRepeated writes exactly the lines asked for", async () => {
  await using files = await writeProject({ events: "" });
  const path = `${files.folder}/events`;
  await writeRepeated(path, "a\nb\nc\n", 7);
  assert.equal(await Deno.readTextFile(path), "a\nb\nc\na\nb\nc\na\n");
  await writeRepeated(path, "a\nb\nc", 2);
  assert.equal(await Deno.readTextFile(path), "a\nb\n");
});

Deno.test("parseOptions: --quick measures less and writes only when asked to", () => {
  const full = parseOptions([]);
  assert.ok(full !== undefined && full.rows >= 400_000 && full.repetitions >= 5 && full.write);
  const quick = parseOptions(["--quick"]);
  assert.ok(quick !== undefined && quick.rows === 100_000 && quick.repetitions === 3 && !quick.write);
  assert.equal(parseOptions(["--quick", "--write"])?.write, true);
  assert.deepEqual([full.kafka, full.kafkaRows, quick.kafkaRows], [false, 1_000_000, 200_000]);
  assert.equal(parseOptions(["--kafka"])?.kafka, true);
  assert.equal(parseOptions(["--help"]), undefined);
  assert.throws(() => parseOptions(["--quik"]), TypeError);
});

Deno.test("replaceMarked replaces what stands between the marks, again and again", () => {
  const document = "a\n\n<!-- x:begin -->\n\nold\n\n<!-- x:end -->\n\nb\n";
  const once = replaceMarked(document, "x", "new");
  assert.equal(once, document.replace("old", "new"));
  assert.equal(replaceMarked(once, "x", "new"), once);
  for (
    const broken of ["", "<!-- x:begin -->", "<!-- x:end --> <!-- x:begin -->", document + document]
  ) assert.throws(() => replaceMarked(broken, "x", "new"), /must be marked once/);
});

Deno.test("docs/performance.md has the place for figures", async () => {
  assert.match(replaceMarked(await Deno.readTextFile(PERFORMANCE), "figures", "HERE"), /\n\nHERE\n\n/);
});

Deno.test("table makes a markdown table, numbers to the right", () => {
  assert.equal(table(["a", "b"], [["1", "2"]]), "| a | b |\n| --- | --: |\n| 1 | 2 |");
});

/** A timing of which only the median matters. */
function timing(seconds: number): Timing {
  return {
    seconds: { median: seconds, least: seconds / 2, most: seconds * 2 },
    wallSeconds: { median: seconds + 1, least: seconds, most: seconds + 2 },
  };
}

function comparison(batchSize: number, ours: number, theirs?: number): Comparison {
  return {
    workload: "model m",
    rows: 1000,
    batchSize,
    ours: timing(ours),
    stages: {},
    ...(theirs === undefined ? {} : { theirs: timing(theirs), threads: 2 }),
  };
}

Deno.test("fastest chooses each side's own batch size", () => {
  const comparisons = [comparison(1, 4, 9), comparison(32, 1, 3), comparison(256, 2, 2)];
  assert.equal(fastest(comparisons, "ours")?.batchSize, 32);
  assert.equal(fastest(comparisons, "theirs")?.batchSize, 256);
  assert.equal(fastest([comparison(1, 4)], "theirs"), undefined);
  assert.equal(rateOf(comparison(1, 4, 8), "theirs"), 125);
});

Deno.test("batchSizeTable has ratios of rates, of whole processes and the spread", () => {
  const [title, , , , row] = batchSizeTable([comparison(32, 1, 3)]).split("\n");
  assert.equal(title, "### By batch size: model m, 1,000 events");
  assert.equal(row, "| 32 | 1,000/s | 333/s | 2 | 3.00x | 2.00x | 500/s to 2,000/s |");
  assert.match(batchSizeTable([comparison(32, 1)]), /\| 32 \| 1,000\/s \| - \| - \| - \| - \|/);
});

Deno.test("stageTable has shares of the sum, and is not there where no run names stages", () => {
  assert.equal(stageTable([comparison(1, 1)]), undefined);
  const text = stageTable([{ ...comparison(1, 1), stages: { parse: 1, model: 3 } }, {
    ...comparison(32, 1),
    stages: { model: 5 },
  }]);
  assert.match(text ?? "", /\| model m, 1 \| 25 % \| 75 % \|\n\| model m, 32 \| 0 % \| 100 % \|$/);
});

const FIGURES: Figures = {
  machine: { CPU: "Test, 2 cores" },
  repetitions: 5,
  shuttle: [comparison(1, 4, 8), comparison(2048, 0.5, 5)],
  phishing: [comparison(1, 4, 4)],
  transform: [comparison(1, 1, 2.9)],
  startUp: { ...comparison(1, 0, 1), rows: 1 },
  memory: {
    metric: "PSS",
    rows: 1000,
    workers: 2,
    peakBytes: 700e6,
    peerPeakBytes: 350e6,
    soakSeconds: 90,
    growthBytes: 1e6,
    windowSeconds: 60,
    windowPeakBytes: 690e6,
    earlierPeakBytes: 695e6,
  },
  linearity: { rows: 1000, manyRows: 10_000, rowsPerSecond: 100, manyRowsPerSecond: 95 },
  binaryBytes: 120e6,
};

Deno.test("report sets best against best, and says which aims are reached", () => {
  const text = report(FIGURES);
  for (
    const line of [
      "| model m, best batch size | 2,000/s at 2048 | 200/s at 2048 | 10.00x | at least 8x: reached |",
      "| model m, best batch size | 1,000/s at 1 | 345/s at 1 | 2.90x | at least 3x: MISSED |",
      "| model m, event by event | 250/s | 125/s | 2.00x | at least 2x: reached |",
      "| start to end, model m | 1000 ms | 2000 ms | 0.50x | at most 0.6x: reached |",
      "| peak memory (PSS of all processes), 1,000 events, 2 workers | 700.0 MB | 350.0 MB | 2.00x | at most 600 MB: MISSED |",
      "| growth in the last 60 s of a 90 s run | 1.0 MB (peak 690.0 MB, before 695.0 MB) | - | - | under 5 MB: reached |",
      "| 10,000 events against 1,000 | 95/s against 100/s | - | 0.95x | at least 0.9x: reached |",
      "| size of the binary | 120.0 MB | - | - |  |",
      "- CPU: Test, 2 cores",
    ]
  ) assert.ok(text.includes(line), `${line} in\n${text}`);
});

Deno.test("report without a peer has our figures and no ratios", () => {
  const alone = [comparison(1, 4)];
  const text = report({
    machine: {},
    repetitions: 3,
    shuttle: alone,
    phishing: alone,
    transform: alone,
    startUp: comparison(1, 1),
  });
  assert.match(text, /\| model m, best batch size \| 250\/s at 1 \| - \| - \| {2}\|/);
  assert.ok(!text.includes("reached") && !text.includes("NaN"), text);
});
