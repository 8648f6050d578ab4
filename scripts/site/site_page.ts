import { dirname, join, normalize } from "node:path/posix";
import { anchorOf } from "../docs/markdown_page.ts";

/** A Markdown file of the repository as a page of the site. */
export interface SitePage {
  /** Where it stands among the site's sources, such as "decisions/0001_layers.md". */
  readonly path: string;
  readonly text: string;
}

/** What is known of the repository while pages are made. */
export interface Repository {
  /** Paths of the files that are pages of the site, from the repository's folder. */
  readonly pages: ReadonlySet<string>;
}

/** Where a page of the repository stands in the site: docs is its root; other files keep their names, in lower case. */
export function sitePath(path: string): string {
  return path.startsWith("docs/") ? path.slice("docs/".length) : path.toLowerCase();
}

/**
 * Makes a page of a Markdown file. Links to other pages follow them to where they stand in the site; of a link to a
 * file that is no page the text is left, since the site does not hold the repository. Headings get the anchors that
 * they have on GitHub, so that links to them are good in both.
 */
export function sitePage(path: string, text: string, { pages }: Repository): SitePage {
  const target = sitePath(path);
  const anchors = new Map<string, number>();
  const anchored = (line: string, heading: string) => {
    const anchor = anchorOf(heading);
    const before = anchors.get(anchor) ?? 0;
    anchors.set(anchor, before + 1);
    return `${line} {#${anchor}${before === 0 ? "" : `-${before}`}}`;
  };
  const link = (whole: string, label: string, address: string) => {
    if (/^[a-z]+:|^#/.test(address)) return whole;
    const [file = "", anchor] = address.split("#");
    const linked = normalize(join(dirname(path), file));
    if (!pages.has(linked)) return label;
    return `[${label}](/${sitePath(linked)}${anchor === undefined ? "" : `#${anchor}`})`;
  };
  return {
    path: target,
    text: outsideCode(text, (part) =>
      part.replaceAll(/(?<!!)\[([^\]]*)\]\(([^)\s]+)\)/g, link)
        .replaceAll(/^#+ +(.+)$/gm, anchored)),
  };
}

/** Changes the text outside of fenced blocks. */
function outsideCode(text: string, change: (part: string) => string): string {
  return text.split(/^(```[\s\S]*?^```$)/m).map((part) => part.startsWith("```") ? part : change(part)).join(
    "",
  );
}
