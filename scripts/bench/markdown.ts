/** A table; a cell is text as it stands. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map((_, index) => index === 0 ? "---" : "--:"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/**
 * Puts text between the two comments that mark the place for it.
 *
 * @throws {Error} if the marks are not there, once each and in order.
 */
export function replaceMarked(document: string, name: string, text: string): string {
  const [before, rest, ...others] = document.split(`<!-- ${name}:begin -->`);
  const [, after, ...more] = rest?.split(`<!-- ${name}:end -->`) ?? [];
  if (before === undefined || after === undefined || others.length > 0 || more.length > 0) {
    throw new Error(`Cannot find the place for figures as "${name}" must be marked once with begin and end`);
  }
  return `${before}<!-- ${name}:begin -->\n\n${text}\n\n<!-- ${name}:end -->${after}`;
}
