/** A block of code between fences. */
export interface CodeBlock {
  /** What stands behind the opening fence, such as "ts ignore"; "" where nothing does. */
  readonly info: string;
  readonly text: string;
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
  /** What the comments directly before the block tell the tests, by their first word or words: "not run" -> reason. */
  readonly marks: ReadonlyMap<string, string>;
}

/** A link of a page. */
export interface PageLink {
  readonly target: string;
  readonly line: number;
}

/** A Markdown file, as far as checks look at it. */
export interface MarkdownPage {
  /** From the repository's folder. */
  readonly path: string;
  readonly blocks: readonly CodeBlock[];
  /** The lines outside of blocks and comments, empty where there are none: line 1 is at 0. */
  readonly prose: readonly string[];
  readonly links: readonly PageLink[];
  /** The texts of the headings, without their marks. */
  readonly headings: readonly string[];
}

/** What a comment before a block may tell the tests. */
export const MARKS = [
  "not run",
  "first",
  "file",
  "background",
  "needs",
  "not ours",
  "prints",
  "fails",
] as const;

/** Reads a Markdown file. */
export function readPage(path: string, text: string): MarkdownPage {
  const lines = text.split("\n");
  const blocks: CodeBlock[] = [];
  const prose: string[] = [];
  let marks = new Map<string, string>();
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const end = endOfPart(lines, index);
    const part = lines.slice(index, end + 1);
    const fence = /^( *)(`{3,})(.*)$/.exec(line);
    if (fence !== null) {
      const [, indent = "", , info = ""] = fence;
      const body = part.slice(1, -1).map((each) =>
        each.startsWith(indent) ? each.slice(indent.length) : each
      );
      blocks.push({ info: info.trim(), text: body.join("\n"), line: index + 1, marks });
      marks = new Map();
    } else if (line.startsWith("<!--")) {
      marks = new Map([...marks, ...markOf(part.join("\n"))]);
    } else if (line.trim() !== "") {
      marks = new Map();
    }
    const isProse = fence === null && !line.startsWith("<!--");
    prose.push(...part.map((each) => isProse ? each : ""));
    index = end;
  }
  const headings = prose.flatMap((line) => /^#{1,6} +(.*?) *#*$/.exec(line)?.[1] ?? []);
  return { path, blocks, prose, links: linksOf(prose), headings };
}

/** The last line of what begins at a line: a block's closing fence, a comment's end, or the line itself. */
function endOfPart(lines: readonly string[], start: number): number {
  const line = lines[start] ?? "";
  const fence = /^ *(`{3,})/.exec(line)?.[1];
  if (fence === undefined && !line.startsWith("<!--")) return start;
  const end = fence === undefined
    ? lines.findIndex((each, index) => index >= start && each.includes("-->"))
    : lines.findIndex((each, index) => index > start && each.trim() === fence);
  return end < 0 ? lines.length - 1 : end;
}

function markOf(comment: string): [string, string][] {
  const text = comment.replace(/^<!--\s*/, "").replace(/\s*-->\s*$/, "");
  const name = MARKS.find((mark) => text === mark || text.startsWith(`${mark}:`));
  return name === undefined ? [] : [[name, text.slice(name.length + 1).trim()]];
}

function linksOf(prose: readonly string[]): PageLink[] {
  return prose.flatMap((line, index) => {
    // a code span is no link, whatever stands in it
    const text = line.replaceAll(/`[^`]*`/g, "x");
    const found = [
      ...text.matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g),
      ...text.matchAll(/^\[[^\]]+\]: *(\S+)/g),
      ...text.matchAll(/\b(?:src|href|srcset)="([^"\s]+)/g),
    ];
    return found.map(([, target = ""]) => ({ target, line: index + 1 }));
  });
}

/** The anchor of a heading as GitHub makes it, which our site gives it too. */
export function anchorOf(heading: string): string {
  const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/[`*]/g, "").toLowerCase();
  return text.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-");
}
