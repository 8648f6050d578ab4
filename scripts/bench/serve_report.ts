import { table } from "./markdown.ts";
import type { ServeCase } from "./measure_serve.ts";

/** All that was measured of servers. */
export interface ServeFigures {
  readonly cases: readonly ServeCase[];
  readonly repetitions: number;
  readonly seconds: number;
  /** Events whose answers were compared on each server. */
  readonly compared: number;
  readonly machine: Readonly<Record<string, string>>;
}

const OURS = "Packflow";
/** How many times the better peer we want to answer, by connections. */
const AIMS: ReadonlyMap<number, number> = new Map([[16, 6], [64, 4]]);

/** The figures as markdown. */
export function serveReport({ cases, repetitions, seconds, compared, machine }: ServeFigures): string {
  const text =
    `Medians of ${repetitions} loads of ${seconds} s each, one server at a time, each started anew in every ` +
    `repetition. ${compared} answers of each server were compared first.`;
  return [
    `Requests per second, one event each:\n\n${rateTable(cases)}`,
    `Milliseconds that 99 of 100 requests took at most:\n\n${p99Table(cases)}`,
    text,
    ...settings(cases),
    Object.entries(machine).map(([name, value]) => `- ${name}: ${value}`).join("\n"),
  ].join("\n\n");
}

function rateTable(cases: readonly ServeCase[]): string {
  return byConnections(cases, (each) => count(each.perSecond.median), (ours, theirs, connections) => {
    const ratio = least(ours.map(rateOf)) / most(theirs.map(rateOf));
    const aim = AIMS.get(connections);
    return [
      `${ratio.toFixed(2)}x`,
      verdict(aim === undefined ? "" : `at least ${aim}x`, ratio >= (aim ?? 0)),
    ];
  });
}

function p99Table(cases: readonly ServeCase[]): string {
  return byConnections(cases, (each) => each.p99.median.toFixed(1), (ours, theirs, connections) => {
    const ratio = most(ours.map(p99Of)) / least(theirs.map(p99Of));
    return [`${ratio.toFixed(2)}x`, verdict(AIMS.has(connections) ? "below 1x" : "", ratio < 1)];
  });
}

type Compare = (
  ours: readonly ServeCase[],
  theirs: readonly ServeCase[],
  connections: number,
) => [ratio: string, aim: string];

/** A row per number of connections, a column per server and route; ratios are of our worst to their best. */
function byConnections(
  cases: readonly ServeCase[],
  show: (each: ServeCase) => string,
  compare: Compare,
): string {
  const columns = [...new Set(cases.map(columnOf))];
  const rows = [...new Set(cases.map(({ connections }) => connections))].map((connections) => {
    const row = cases.filter((each) => each.connections === connections);
    const ours = row.filter(({ server }) => server === OURS);
    const theirs = row.filter(({ server }) => server !== OURS);
    const last = ours.length === 0 || theirs.length === 0 ? ["-", ""] : compare(ours, theirs, connections);
    const cells = columns.map((column) => row.find((each) => columnOf(each) === column));
    return [String(connections), ...cells.map((each) => each === undefined ? "-" : show(each)), ...last];
  });
  return table(["connections", ...columns, "ratio", "aim"], rows);
}

/** The settings that were chosen for peers. */
function settings(cases: readonly ServeCase[]): string[] {
  const chosen = new Map(cases.map(({ server, batch }) => [server, batch]));
  const texts = [...chosen].filter(([, batch]) => batch !== undefined).map(([server, batch]) =>
    `${server} ${batch === 1 ? "merges no requests" : `merges up to ${batch} requests`}`
  );
  return texts.length === 0 ? [] : [`Faster in a load before: ${texts.join("; ")}.`];
}

function columnOf({ server, route }: ServeCase): string {
  return `${server}, ${route}`;
}

function rateOf({ perSecond }: ServeCase): number {
  return perSecond.median;
}

function p99Of({ p99 }: ServeCase): number {
  return p99.median;
}

function least(values: readonly number[]): number {
  return Math.min(...values);
}

function most(values: readonly number[]): number {
  return Math.max(...values);
}

function verdict(aim: string, isReached: boolean): string {
  return aim === "" ? "" : `${aim}: ${isReached ? "reached" : "MISSED"}`;
}

/** Three digits are what such measurements are good for. */
function count(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en-US");
}
