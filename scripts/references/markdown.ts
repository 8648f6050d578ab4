/** Text as Markdown prose that reads as the text does, in tables and in pages of the site too. */
export function prose(text: string): string {
  if (text.includes("{{")) throw new Error(`The site would take this for a template: ${text}`);
  return text.replaceAll(/[\\`*_<>|[\]]/g, (char) => `\\${char}`).replaceAll(/\s*\n\s*/g, " ");
}

/** Text as code inside a line, also inside a table. */
export function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

/** A table; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** A block of text as it is. */
export function block(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}
