/** How a stretch of text looks. */
interface Style {
  readonly colour: string;
  readonly bold: boolean;
}

/** A stretch of one line, from a column on. */
interface Run extends Style {
  readonly column: number;
  readonly text: string;
}

/** What a picture of a terminal holds. */
export interface TerminalPicture {
  readonly title: string;
  /** Text as a terminal gets it: lines, and the codes for colour and bold. */
  readonly text: string;
  readonly columns: number;
}

const FONT_SIZE = 14;
const CELL = 8.4;
const LINE = 20;
const MARGIN = 18;
const TITLE_BAR = 34;
const PLAIN: Style = { colour: "#d6dbe0", bold: false };

/** The colours of the codes that Packflow writes, readable on the dark ground: at least 4.5 to 1. */
const COLOURS: Readonly<Record<string, string>> = {
  "2": "#97a1ab",
  "31": "#ff8680",
  "32": "#67d494",
  "33": "#e8c15f",
  "36": "#6cc7dd",
};

/** Draws what a terminal shows as SVG: text that can be selected and searched, on a ground of its own. */
export function terminalSvg({ title, text, columns }: TerminalPicture): string {
  const lines = text.replace(/\n$/, "").split("\n").flatMap((line) => wrap(line, columns));
  const width = Math.ceil(columns * CELL + 2 * MARGIN);
  const height = TITLE_BAR + lines.length * LINE + MARGIN;
  const rows = lines.map((runs, index) => drawLine(runs, TITLE_BAR + (index + 1) * LINE - 5));
  const dots = ["#ff8680", "#e8c15f", "#67d494"].map((colour, index) =>
    `<circle cx="${MARGIN + 4 + index * 18}" cy="17" r="5.5" fill="${colour}"/>`
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" ` +
    `aria-label="${
      escape(title)
    }" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans ` +
    `Mono', monospace" font-size="${FONT_SIZE}">\n<title>${escape(title)}</title>\n` +
    `<rect width="${width}" height="${height}" rx="8" fill="#1b2127"/>\n${dots.join("")}\n${
      rows.filter((row) => row !== "").join("\n")
    }\n</svg>\n`;
}

/** The stretches of a line, in rows of at most so many columns. */
function wrap(line: string, columns: number): Run[][] {
  const rows: Run[][] = [[]];
  let column = 0;
  for (const { text, ...style } of stretches(line)) {
    for (let rest = text; rest !== "";) {
      if (column === columns) {
        rows.push([]);
        column = 0;
      }
      const part = rest.slice(0, columns - column);
      rows.at(-1)?.push({ ...style, column, text: part });
      column += part.length;
      rest = rest.slice(part.length);
    }
  }
  return rows;
}

/** A line parted where codes for colour and bold stand; other codes, such as those of a progress line, are left out. */
function stretches(line: string): (Style & { text: string })[] {
  // what a progress line wrote is gone by the carriage return that ends it
  const shown = line.replace(/\r$/, "").split("\r").at(-1) ?? "";
  const found: (Style & { text: string })[] = [];
  let style = PLAIN;
  // deno-lint-ignore no-control-regex -- these are the codes
  for (const part of shown.split(/(\x1b\[[0-9;]*[A-Za-z])/)) {
    // deno-lint-ignore no-control-regex -- these are the codes
    const code = /^\x1b\[([0-9;]*)([A-Za-z])$/.exec(part);
    if (code?.[2] === "m") style = styleOf(code[1] ?? "");
    else if (code === null && part !== "") found.push({ ...style, text: part });
  }
  return found;
}

function styleOf(codes: string): Style {
  const parts = codes.split(";");
  const colour = parts.map((part) => COLOURS[part]).find((found) => found !== undefined);
  return { colour: colour ?? PLAIN.colour, bold: parts.includes("1") };
}

function drawLine(runs: readonly Run[], y: number): string {
  const shown = runs.filter(({ text }) => text.trim() !== "");
  if (shown.length === 0) return "";
  const spans = shown.map(({ column, text, colour, bold }) => {
    const start = text.length - text.trimStart().length;
    const word = text.trim();
    const x = (MARGIN + (column + start) * CELL).toFixed(1);
    const length = (word.length * CELL).toFixed(1);
    const weight = bold ? ' font-weight="bold"' : "";
    return `<tspan x="${x}" textLength="${length}" fill="${colour}"${weight}>${escape(word)}</tspan>`;
  });
  return `<text y="${y}" xml:space="preserve">${spans.join("")}</text>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    '"',
    "&quot;",
  );
}
