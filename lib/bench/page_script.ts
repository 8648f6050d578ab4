/** Draws the plots of a page from the data in it; runs in the reader's browser, after uPlot. */
export const PAGE_SCRIPT: string = `"use strict";
(() => {
  const { measurements, recommended } = JSON.parse(document.getElementById("data").textContent);
  const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f"];
  const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 5], [14, 4]];
  const unique = (values) => [...new Set(values)];
  const devices = unique(measurements.map((one) => one.device));
  const counts = unique(measurements.map((one) => one.workers)).sort((a, b) => a - b);
  const sizes = unique(measurements.map((one) => one.batchSize)).sort((a, b) => a - b);
  const short = (value) => {
    if (value === null || value === undefined) return "";
    if (value >= 1e6) return +(value / 1e6).toPrecision(3) + " M";
    if (value >= 1e3) return +(value / 1e3).toPrecision(3) + " k";
    return String(+value.toPrecision(3));
  };
  const named = (one) => one.device + ", " + one.workers + (one.workers === 1 ? " worker" : " workers");
  const ink = getComputedStyle(document.body).color;
  const grid = { stroke: "#8884", width: 1 };
  const axis = (label, more) =>
    ({ label, stroke: ink, grid, ticks: grid, labelSize: 26, font: "13px system-ui", labelFont: "13px system-ui", ...more });
  const isWide = (values) => Math.max(...values) > 20 * Math.min(...values);
  const draw = (id, { title, x, y, data, series }) => {
    const home = document.getElementById(id);
    home.replaceChildren();
    const width = () => Math.max(320, home.clientWidth);
    const plot = new uPlot(
      {
        title,
        width: width(),
        height: 380,
        legend: { markers: { dash: (one, index) => one.series[index].dash?.length > 0 ? "dashed" : "solid" } },
        scales: { x: x.scale, y: y.scale },
        axes: [axis(x.label, x.axis), axis(y.label, { size: 64, ...y.axis })],
        series: [{ label: x.name, value: (_, value) => x.shown(value) }, ...series],
      },
      data,
      home,
    );
    new ResizeObserver(() => plot.setSize({ width: width(), height: 380 })).observe(home);
  };
  const scaleOf = (values, label) => {
    const isLog = isWide(values);
    return {
      label: isLog ? label + ", logarithmic" : label,
      scale: isLog ? { distr: 3, log: 10 } : { range: (_, least, most) => [0, 1.05 * most] },
      axis: { values: (_, splits) => splits.map(short) },
    };
  };

  const lines = devices.flatMap((device) => counts.map((workers) => ({ device, workers })));
  draw("throughput", {
    title: "Throughput over batch size",
    x: {
      name: "batch size",
      label: "batch size, logarithmic",
      scale: { time: false, distr: 3, log: 2, range: (_, least, most) => [least / 1.3, most * 1.3] },
      axis: { splits: () => sizes, values: (_, splits) => splits.map(String), filter: (_, splits) => splits },
      shown: (value) => value,
    },
    y: scaleOf(measurements.map((one) => one.eventsPerSecond), "events/s"),
    data: [
      sizes,
      ...lines.map(({ device, workers }) =>
        sizes.map((size) =>
          measurements.find((one) => one.device === device && one.workers === workers && one.batchSize === size)
            ?.eventsPerSecond ?? null
        )
      ),
    ],
    series: lines.map((line) => ({
      label: named(line),
      stroke: colours[devices.indexOf(line.device) % colours.length],
      dash: dashes[counts.indexOf(line.workers) % dashes.length],
      width: 2,
      points: { show: true, size: 7 },
      value: (_, value) => short(value),
    })),
  });

  const choice = document.getElementById("choice");
  for (const [index, line] of lines.entries()) {
    const isChosen = recommended !== null && line.device === recommended.device && line.workers === recommended.workers;
    choice.append(new Option(named(line), String(index), isChosen, isChosen));
  }
  const drawLatency = () => {
    const line = lines[Number(choice.value)];
    const shown = measurements.filter((one) => one.device === line.device && one.workers === line.workers);
    const shares = shown[0].quantiles.map((_, index) => index);
    draw("latency", {
      title: "Latency of a batch: " + named(line),
      x: {
        name: "share",
        label: "% of batches that take at most that long",
        scale: { time: false },
        axis: { values: (_, splits) => splits.map((value) => value + " %") },
        shown: (value) => value === null ? "" : value + " %",
      },
      y: scaleOf(shown.flatMap((one) => one.quantiles), "ms"),
      data: [shares, ...shown.map((one) => one.quantiles)],
      series: shown.map((one, index) => ({
        label: "batch size " + one.batchSize,
        stroke: colours[index % colours.length],
        dash: dashes[index % dashes.length],
        width: 2,
        points: { show: false },
        value: (_, value) => value === null ? "" : short(value) + " ms",
      })),
    });
  };
  choice.addEventListener("change", drawLatency);
  drawLatency();
  document.body.dataset.drawn = "yes";
})();`;
