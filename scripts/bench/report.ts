import { table } from "./markdown.ts";
import { type Comparison, fastest, rateOf } from "./measure.ts";
import type { LinearityFigures } from "./measure_linearity.ts";
import type { MemoryFigures } from "./measure_memory.ts";

/** All that was measured. */
export interface Figures {
  readonly machine: Readonly<Record<string, string>>;
  readonly repetitions: number;
  /** By workload: one comparison per batch size. */
  readonly shuttle: readonly Comparison[];
  readonly phishing: readonly Comparison[];
  readonly transform: readonly Comparison[];
  readonly startUp: Comparison;
  readonly memory?: MemoryFigures | undefined;
  readonly linearity?: LinearityFigures | undefined;
  readonly binaryBytes?: number | undefined;
}

/** What we want to reach, and whether a figure does. */
interface Aim {
  readonly text: string;
  readonly isReached: boolean;
}

type Line = readonly [what: string, ours: string, theirs: string, ratio: string, aim: string];

/** The figures as markdown. */
export function report(figures: Figures): string {
  const { machine, repetitions, shuttle, phishing, transform } = figures;
  return [
    table(["", "Packflow", "Python packflow", "ratio", "aim"], summaryLines(figures)),
    `Medians of ${repetitions} runs each, both sides in turn, all answers compared first.`,
    ...[shuttle, phishing, transform].map(batchSizeTable),
    ...[stageTable([...shuttle, ...phishing, ...transform]) ?? []].flat(),
    Object.entries(machine).map(([name, text]) => `- ${name}: ${text}`).join("\n"),
  ].join("\n\n");
}

function summaryLines(figures: Figures): Line[] {
  const { shuttle, phishing, transform, startUp, memory, linearity, binaryBytes } = figures;
  return [
    bestLine(shuttle, 8),
    bestLine(phishing),
    bestLine(transform, 3),
    ...[shuttle, phishing, transform].flatMap(singleLine),
    startUpLine(startUp),
    ...(memory === undefined ? [] : memoryLines(memory)),
    ...(linearity === undefined ? [] : [linearityLine(linearity)]),
    ...(binaryBytes === undefined ? [] : [binaryLine(binaryBytes)]),
  ];
}

function bestLine(comparisons: readonly Comparison[], least?: number): Line {
  const ours = fastest(comparisons, "ours");
  const theirs = fastest(comparisons, "theirs");
  if (ours === undefined) throw new RangeError("Cannot report a workload that was not measured");
  const ratio = theirs && rateOf(ours, "ours") / rateOf(theirs, "theirs");
  return [
    `${ours.workload}, best batch size`,
    `${rate(rateOf(ours, "ours"))} at ${ours.batchSize}`,
    theirs === undefined ? "-" : `${rate(rateOf(theirs, "theirs"))} at ${theirs.batchSize}`,
    times(ratio),
    aimText(ratio, least),
  ];
}

function singleLine(comparisons: readonly Comparison[]): Line[] {
  const single = comparisons.find(({ batchSize }) => batchSize === 1);
  if (single === undefined) return [];
  const ratio = single.theirs && rateOf(single, "ours") / rateOf(single, "theirs");
  return [[
    `${single.workload}, event by event`,
    rate(rateOf(single, "ours")),
    single.theirs === undefined ? "-" : rate(rateOf(single, "theirs")),
    times(ratio),
    aimText(ratio, 2),
  ]];
}

function startUpLine({ ours, theirs, workload }: Comparison): Line {
  const ratio = theirs && ours.wallSeconds.median / theirs.wallSeconds.median;
  return [
    `start to end, ${workload}`,
    milliseconds(ours.wallSeconds.median),
    theirs === undefined ? "-" : milliseconds(theirs.wallSeconds.median),
    times(ratio),
    aim(ratio === undefined ? undefined : { text: "at most 0.6x", isReached: ratio <= 0.6 }),
  ];
}

function memoryLines(memory: MemoryFigures): Line[] {
  const { peakBytes, peerPeakBytes, metric, workers, rows } = memory;
  const { growthBytes, windowSeconds, windowPeakBytes, earlierPeakBytes, soakSeconds } = memory;
  return [
    [
      `peak memory (${metric} of all processes), ${count(rows)} events, ${workers} workers`,
      megabytes(peakBytes),
      peerPeakBytes === undefined ? "-" : megabytes(peerPeakBytes),
      times(peerPeakBytes === undefined ? undefined : peakBytes / peerPeakBytes),
      aim({ text: "at most 600 MB", isReached: peakBytes <= 600e6 }),
    ],
    [
      `growth in the last ${windowSeconds} s of a ${soakSeconds} s run`,
      `${megabytes(growthBytes)} (peak ${megabytes(windowPeakBytes)}, before ${megabytes(earlierPeakBytes)})`,
      "-",
      "-",
      aim({ text: "under 5 MB", isReached: growthBytes < 5e6 }),
    ],
  ];
}

function linearityLine({ rows, manyRows, rowsPerSecond, manyRowsPerSecond }: LinearityFigures): Line {
  const ratio = manyRowsPerSecond / rowsPerSecond;
  return [
    `${count(manyRows)} events against ${count(rows)}`,
    `${rate(manyRowsPerSecond)} against ${rate(rowsPerSecond)}`,
    "-",
    times(ratio),
    aim({ text: "at least 0.9x", isReached: ratio >= 0.9 }),
  ];
}

function binaryLine(bytes: number): Line {
  return ["size of the binary", megabytes(bytes), "-", "-", ""];
}

/** One workload by batch size. */
export function batchSizeTable(comparisons: readonly Comparison[]): string {
  const [first] = comparisons;
  const rows = comparisons.map((comparison) => {
    const { batchSize, ours, theirs, threads } = comparison;
    const wall = theirs && theirs.wallSeconds.median / ours.wallSeconds.median;
    return [
      String(batchSize),
      rate(rateOf(comparison, "ours")),
      theirs === undefined ? "-" : rate(rateOf(comparison, "theirs")),
      threads === undefined ? "-" : String(threads),
      times(theirs && rateOf(comparison, "ours") / rateOf(comparison, "theirs")),
      times(wall),
      range(comparison),
    ];
  });
  const head = [
    "batch size",
    "Packflow",
    "Python packflow",
    "its threads",
    "ratio",
    "whole process",
    "our slowest and fastest run",
  ];
  return `### By batch size: ${first?.workload}, ${count(first?.rows ?? 0)} events\n\n${table(head, rows)}`;
}

/** Where the time goes, for the runs whose summary says so. */
export function stageTable(comparisons: readonly Comparison[]): string | undefined {
  const known = comparisons.filter(({ stages }) => Object.keys(stages).length > 0);
  if (known.length === 0) return undefined;
  const names = [...new Set(known.flatMap(({ stages }) => Object.keys(stages)))];
  const rows = known.map(({ workload, batchSize, stages }) => {
    const sum = Object.values(stages).reduce((all, each) => all + each, 0);
    const shares = names.map((name) => `${(100 * (stages[name] ?? 0) / sum).toFixed(0)} %`);
    return [`${workload}, ${batchSize}`, ...shares];
  });
  return `### Where the time goes\n\n${table(["batch size", ...names], rows)}`;
}

function aimText(ratio: number | undefined, least: number | undefined): string {
  if (ratio === undefined || least === undefined) return "";
  return aim({ text: `at least ${least}x`, isReached: ratio >= least });
}

function aim(given: Aim | undefined): string {
  return given === undefined ? "" : `${given.text}: ${given.isReached ? "reached" : "MISSED"}`;
}

function range({ rows, ours }: Comparison): string {
  return `${rate(rows / ours.seconds.most)} to ${rate(rows / ours.seconds.least)}`;
}

function times(ratio: number | undefined): string {
  return ratio === undefined ? "-" : `${ratio.toFixed(2)}x`;
}

/** Three digits are what such measurements are good for. */
function rate(perSecond: number): string {
  return `${count(Number(perSecond.toPrecision(3)))}/s`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(0)} ms`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
