import { VERSION } from "../base/version.ts";
import type { Machine } from "../host/machine.ts";
import type { BenchReport } from "./bench_project.ts";
import type { Setting } from "./bench_worker.ts";
import type { Measurement } from "./measure_setting.ts";
import { PAGE_SCRIPT } from "./page_script.ts";
import { PAGE_STYLE } from "./page_style.ts";
import { PLOT_LICENCE, PLOT_SCRIPT, PLOT_STYLE } from "./plot_library.ts";
import type { Recommendation } from "./recommend.ts";

/** What the page says beside the figures. */
export interface PageOptions {
  /** The project's name. */
  readonly name: string;
  readonly machine: Machine;
  readonly date: Date;
}

/**
 * A page of what was measured, with plots: one HTML file with all it needs inside. It may run its own two scripts and
 * load nothing.
 */
export async function benchPage(report: BenchReport, { name, machine, date }: PageOptions): Promise<string> {
  const scripts = [PLOT_SCRIPT, PAGE_SCRIPT];
  const title = escaped(`Packflow bench: ${name}`);
  return `<!DOCTYPE html>
<html lang="en">
<head>
${await head(title, scripts)}
</head>
<body>
<main>
<h1>${title}</h1>
<p>${escaped(circumstances(report, machine, date))}</p>
${advice(report)}
<section><div id="throughput" class="plot"></div></section>
<section>
<label>Latency of <select id="choice"></select></label>
<div id="latency" class="plot"></div>
</section>
<noscript><p>The plots need JavaScript; the table has every figure.</p></noscript>
<h2>All settings</h2>
${table(report)}
<h2>Answers of the devices</h2>
${answers(report)}
</main>
<script type="application/json" id="data">${data(report)}</script>
${scripts.map((script) => `<script>${script}</script>`).join("\n")}
</body>
</html>
`;
}

async function head(title: string, scripts: readonly string[]): Promise<string> {
  const styles = [PLOT_STYLE, PAGE_STYLE];
  const allowed = [`script-src ${await hashSources(scripts)}`, `style-src ${await hashSources(styles)}`];
  return `<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; ${allowed.join("; ")}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<!-- The plots are drawn by uPlot.
${PLOT_LICENCE.replaceAll("--", "- -")}
-->
${styles.map((style) => `<style>${style}</style>`).join("\n")}`;
}

function circumstances({ events }: BenchReport, machine: Machine, date: Date): string {
  const processor = machine.processor === "" ? "" : `${machine.processor}, `;
  return `Packflow ${VERSION} on ${processor}${machine.cores} cores, ` +
    `${(machine.memory / 2 ** 30).toFixed(0)} GiB, ${machine.system}; load before ${
      machine.load.toFixed(2)
    }; ` +
    `${events.count} events of ${events.name}, over and over; ${date.toISOString().slice(0, 10)}`;
}

function advice({ recommended }: BenchReport): string {
  if (recommended === undefined) return "";
  const item = (goal: string, recommendation: Recommendation | undefined) =>
    recommendation === undefined
      ? ""
      : `<li>For ${goal}: <strong>${escaped(describe(recommendation.setting))}</strong>, ` +
        `${escaped(recommendation.reason)}.</li>`;
  return `<ul class="advice">${item("throughput", recommended.throughput)}${
    item("latency", recommended.latency)
  }</ul>`;
}

function describe({ device, workers, batchSize }: Setting): string {
  const runs = device === undefined ? "" : `${device}, `;
  return `${runs}${workers} worker${workers === 1 ? "" : "s"}, batch size ${batchSize}`;
}

const HEADINGS = [
  ...["Device", "Workers", "Batch size", "Events/s", "± %", "Warm-up ms"],
  ...["Batch p50 ms", "p90 ms", "p99 ms", "Event p50 µs", "Start-up ms", "Memory MB"],
];

function table({ measurements, recommended }: BenchReport): string {
  const head = HEADINGS.map((heading) => `<th scope="col">${heading}</th>`).join("");
  const rows = measurements.map((one) => {
    const mark = one === recommended?.throughput.setting ? ' class="best"' : "";
    return `<tr${mark}>${cells(one).map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${
    rows.join("\n")
  }\n</tbody></table></div>`;
}

function cells(one: Measurement): string[] {
  const { throughput, latency, startUp, memory, batchSize } = one;
  return [
    deviceName(one.device),
    `${one.workers}`,
    `${batchSize}`,
    Math.round(throughput.perSecond).toLocaleString("en"),
    (50 * throughput.spread).toFixed(0),
    throughput.isSteady ? throughput.warmUpMs.toFixed(0) : `not steady in ${throughput.warmUpMs.toFixed(0)}`,
    ...[latency.p50, latency.p90, latency.p99, 1000 * latency.p50 / batchSize].map((time) =>
      time >= 100 ? time.toFixed(0) : time.toPrecision(3)
    ),
    startUp.all.toFixed(0),
    memory === undefined ? "unknown" : (memory / 1e6).toFixed(0),
  ];
}

function answers({ comparison: { answers, missing, events }, tolerance }: BenchReport): string {
  const reference = deviceName(answers.find(({ isReference }) => isReference)?.device);
  const lines = [
    ...answers.map(({ device, isReference, differing, largestDifference, example }) =>
      isReference
        ? `${deviceName(device)}: what the others are compared with, on ${events} events`
        : differing === 0
        ? `${deviceName(device)}: as ${reference} within ${tolerance}; largest difference ${
          Number(largestDifference.toPrecision(2))
        }`
        : `${deviceName(device)}: ${differing} values differ from ${reference}, the first of ${example}`
    ),
    ...missing.map(({ device, reason }) => `${deviceName(device)}: not measured. ${reason}`),
  ];
  return `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join("")}</ul>`;
}

/** The figures for the script. A "<" could end the element that holds them. */
function data({ measurements, recommended }: BenchReport): string {
  const best = recommended?.throughput.setting;
  return JSON.stringify({
    measurements: measurements.map(({ device, workers, batchSize, throughput, latency }) => ({
      device: deviceName(device),
      workers,
      batchSize,
      eventsPerSecond: throughput.perSecond,
      quantiles: latency.quantiles,
    })),
    recommended: best === undefined ? null : { device: deviceName(best.device), workers: best.workers },
  }).replaceAll("<", "\\u003c");
}

function deviceName(device: string | undefined): string {
  return device ?? "the project's own";
}

/** How a policy names the scripts or styles that may be used. */
async function hashSources(texts: readonly string[]): Promise<string> {
  return (await Promise.all(texts.map(hashSource))).join(" ");
}

async function hashSource(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(hash)))}'`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
