/** A size as people read it: "512 B", "96.5 kB", "1.2 GB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = "B";
  for (const next of units) {
    // what rounds to 1000.0 has a better unit
    if (size < 999.95) break;
    size /= 1000;
    unit = next;
  }
  return `${size.toFixed(1)} ${unit}`;
}

/** A whole number with its thousands set apart: "49,097". */
export function formatCount(count: number): string {
  return Math.round(count).toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Lines of "size  path". */
export function fileTable(files: readonly { readonly path: string; readonly size: number }[]): string[] {
  return files.map(({ path, size }) => `${formatBytes(size).padStart(10)}  ${path}`);
}

/** A line of text from elsewhere without a character that a terminal would act on. */
export function printable(line: string): string {
  return line.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Text broken into lines of at most 80 columns between words, each behind `indent`, the first behind `first`. */
export function wrapped(text: string, indent: string, first: string = indent): string[] {
  const lines: string[] = [];
  let line = first;
  let isBare = true;
  for (const word of text.split(" ")) {
    if (!isBare && line.length + 1 + word.length > 80) {
      lines.push(line);
      [line, isBare] = [indent, true];
    }
    line += isBare ? word : ` ${word}`;
    isBare = false;
  }
  return [...lines, line];
}

/** The first clause of a description, which says enough in a list: up to a colon, a semicolon or a full stop. */
export function firstClause(description: string): string {
  return /^.*?(?=[:;.](?: |$)|$)/s.exec(description)?.[0] ?? description;
}

/** Text whose paragraphs are filled to 80 columns; indented lines, such as examples and tables, stay as they are. */
export function filled(text: string): string {
  const lines: string[] = [];
  let paragraph: string[] = [];
  const end = () => {
    if (paragraph.length > 0) lines.push(...wrapped(paragraph.join(" "), ""));
    paragraph = [];
  };
  for (const line of text.split("\n")) {
    if (/^[^ ]/.test(line)) {
      paragraph.push(line);
      continue;
    }
    end();
    lines.push(line);
  }
  end();
  return lines.join("\n");
}
