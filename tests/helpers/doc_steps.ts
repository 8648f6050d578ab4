/** What the tests do with the blocks of a page: the commands they run and the files they write, in order. */
import type { CodeBlock, MarkdownPage } from "../../scripts/docs/markdown_page.ts";

/** A file that a block shows, or commands that it has the reader type. */
export type DocStep =
  | { readonly kind: "file"; readonly line: number; readonly path: string; readonly text: string }
  | {
    readonly kind: "run";
    readonly line: number;
    readonly commands: string;
    /** What they must print, where the page shows it. */
    expected?: string;
    /** Whether they start a server, which goes on while what follows is run. */
    readonly isBackground: boolean;
    /** Whether they must fail, since the page shows how. */
    readonly mustFail: boolean;
    /** Programs without which they cannot be run. */
    readonly needs: readonly string[];
  };

/** The steps of a page. */
export function docSteps({ path, blocks }: Pick<MarkdownPage, "path" | "blocks">): DocStep[] {
  const steps: DocStep[] = [];
  for (const block of blocks) {
    const { marks, text, line } = block;
    const first = marks.get("first");
    if (first !== undefined) steps.push(runStep(block, first));
    if (marks.has("not run")) continue;
    const file = marks.get("file");
    if (file !== undefined) steps.push({ kind: "file", line, path: file, text: `${text}\n` });
    else if (marks.has("prints")) {
      const before = steps.at(-1);
      if (before?.kind !== "run") throw new Error(`${path}:${line} shows what no block before it prints`);
      before.expected = text;
    } else if (block.info === "sh") steps.push(runStep(block, text));
    else if (block.info === "console") steps.push(...consoleSteps(path, block));
  }
  return steps;
}

function runStep({ line, marks }: CodeBlock, commands: string): DocStep {
  if (/^packflow serve\b/m.test(commands) && !marks.has("background")) {
    throw new Error(`Line ${line} starts a server, which never ends: mark it with the comment background`);
  }
  return {
    kind: "run",
    line,
    commands,
    isBackground: marks.has("background"),
    mustFail: marks.has("fails"),
    needs: marks.get("needs")?.split(/[ ,]+/) ?? [],
  };
}

/** One step for each line that begins with "$ ", which goes on where it ends in a backslash; below it what it prints. */
function consoleSteps(path: string, block: CodeBlock): DocStep[] {
  const steps: DocStep[] = [];
  let commands: string[] | undefined;
  let printed: string[] = [];
  const finish = () => {
    if (commands === undefined) return;
    steps.push({ ...runStep(block, commands.join("\n")), ...{ expected: printed.join("\n") } });
    printed = [];
  };
  for (const text of block.text.split("\n")) {
    if (text.startsWith("$ ")) {
      finish();
      commands = [text.slice(2)];
    } else if (commands === undefined) {
      throw new Error(`${path}:${block.line} is a console block that does not begin with "$ "`);
    } else if (commands.at(-1)?.endsWith("\\") === true) commands.push(text);
    else printed.push(text);
  }
  finish();
  return steps;
}

/** Whether a text is what a page shows: `...` alone on a line stands for any lines, inside a line for any text. */
export function isShown(shown: string, text: string): boolean {
  const lines = shown.trimEnd().split("\n").map((line) => line.trimEnd());
  const pattern = lines.map((line) =>
    line.trim() === "..." ? "(?:.*\n)*?" : `${line.split("...").map(RegExp.escape).join(".*")} *\n`
  );
  return new RegExp(`^${pattern.join("")}$`).test(`${text.trimEnd()}\n`);
}
