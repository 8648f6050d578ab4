import { nearestName } from "../../lib/base/nearest_name.ts";
import type { CommandFacts } from "../../lib/cli/command_table.ts";
import type { CodeBlock, MarkdownPage } from "./markdown_page.ts";

/** A piece of code in a page: a code span, or a line of a shell block. */
interface Snippet {
  readonly place: string;
  readonly text: string;
}

const REFERENCES = "docs/reference/";

/** The first column of its tables names commands and options of another program of the same name. */
const FROM_PYTHON = "docs/from-python.md";

/** Options of other programs that pages name without the program. */
const FOREIGN_OPTIONS: Readonly<Record<string, string>> = {
  "--quick": "deno task bench",
  "--serve": "deno task bench and deno task site",
  "--long": "deno task bench",
  "--profile": "deno task bench",
  "--kafka": "deno task bench",
  "--tls": "scripts/kafka_broker.ts",
  "--check": "the scripts that make files",
  "--ignore-paths": "model_signing",
  "--no-warnings": "the Python packflow",
};

/** Every command and every option of Packflow that a page names is there. */
export function namedCommands(pages: readonly MarkdownPage[], table: readonly CommandFacts[]): string[] {
  const commands = new Map(
    table.flatMap((facts) => [facts.name, ...facts.aliases].map((name) => [name, facts])),
  );
  return currentPages(pages).flatMap(snippets).flatMap(({ place, text }) => [
    ...[...text.matchAll(/(?<![\w/.-])packflow ([a-z]\w*)/g)].flatMap(([, name = ""]) =>
      commands.has(name) ? [] : [`${place} names the command packflow ${name}, which is not there`]
    ),
    ...unknownOptions(text, commands).map((option) =>
      `${place} names the option ${option}, which is not there`
    ),
  ]);
}

function unknownOptions(text: string, commands: ReadonlyMap<string, CommandFacts>): string[] {
  return splitCommands(text).flatMap((part) => {
    const [, program = ""] = /^\s*(?:[A-Z_]+=\S* )*([a-z][\w.-]*)/.exec(part) ?? [];
    if (program !== "" && program !== "packflow") return [];
    const named = /packflow ([a-z]\w*)/.exec(part)?.[1];
    const facts = named === undefined ? undefined : commands.get(named);
    const known = facts === undefined ? [...commands.values()] : [facts];
    const options = new Set([
      "--help",
      "--version",
      ...known.flatMap((each) => each.options.map(({ long }) => long)),
    ]);
    return [...part.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([option]) => option)
      .filter((option) => !options.has(option) && !(named === undefined && option in FOREIGN_OPTIONS));
  });
}

/** A line of a shell as its commands, without comments. */
function splitCommands(line: string): string[] {
  return line.replace(/(?:^|\s)#\s.*$/, "").split(/\||&&|;|\$\(/);
}

/** Every error code that a page names is there. */
export function namedCodes(pages: readonly MarkdownPage[], codes: readonly string[]): string[] {
  const classes = new Set(codes.map((code) => code.slice(0, code.indexOf("."))));
  const FILES = /\.(?:csv|db|html|js|json|jsonc|key|md|ndjson|onnx|pem|py|service|tar|toml|ts|txt|zip)$/;
  return currentPages(pages).flatMap(snippets).flatMap(({ place, text }) => {
    const code = text.trim();
    const [, name = ""] = /^([a-z]+)\.[a-z_]+$/.exec(code) ?? [];
    if (!classes.has(name) || FILES.test(code) || codes.includes(code)) return [];
    // a path into an event or a member of an object looks the same: codes have longer names
    if (!code.includes("_") && nearestName(code, codes) === undefined) return [];
    return [`${place} names the error code ${code}, which is not there`];
  });
}

/** Every command, option and error code is in the references, and a page beside them says what the command is for. */
export function documented(
  pages: readonly MarkdownPage[],
  { table, codes }: { table: readonly CommandFacts[]; codes: readonly string[] },
): string[] {
  const textOf = (page: MarkdownPage) => [...page.prose, ...page.blocks.map(({ text }) => text)].join("\n");
  const references = pages.filter(({ path }) => path.startsWith(REFERENCES)).map(textOf).join("\n");
  const guides = currentPages(pages).filter(({ path }) => !path.startsWith(REFERENCES)).map(textOf).join(
    "\n",
  );
  const missing = [
    ...table.flatMap(({ name, options }) => [name, ...options.map(({ flags }) => flags)]),
    ...codes,
  ].filter((name) => !references.includes(`\`${name}\``) && !references.includes(`\n## ${name}\n`));
  return [
    ...missing.map((name) => `${name} is not in ${REFERENCES}: run deno task build-references`),
    ...table.filter(({ name }) => !new RegExp(`packflow ${name}\\b`).test(guides))
      .map(({ name }) => `No page beside the reference says what packflow ${name} is for`),
  ];
}

/** Every environment variable that the program reads is in the list that the reference shows, and no other. */
export function variables(sources: readonly string[], listed: readonly string[]): string[] {
  const read = new Set(
    sources.flatMap((text) => [
      ...text.matchAll(/getEnv\("([A-Z]\w+)"\)/g),
      ...text.matchAll(/_VARIABLE = "([A-Z]\w+)"/g),
    ]).map(([, name = ""]) => name),
  );
  return [
    ...[...read].filter((name) => !listed.includes(name)).map((name) =>
      `${name} is read, but not documented`
    ),
    ...listed.filter((name) => !read.has(name)).map((name) => `${name} is documented, but never read`),
  ];
}

/** All pages but those that tell what was so once. */
function currentPages(pages: readonly MarkdownPage[]): MarkdownPage[] {
  return pages.filter(({ path }) => path !== "CHANGELOG.md" && !path.startsWith("docs/decisions/"));
}

function snippets(page: MarkdownPage): Snippet[] {
  return [...spans(page), ...page.blocks.flatMap((block) => blockSnippets(page.path, block))];
}

function spans({ path, prose }: MarkdownPage): Snippet[] {
  return prose.flatMap((line, index) => {
    const text = path === FROM_PYTHON ? line.replace(/^\|[^|]*\|/, "|") : line;
    return [...text.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => ({
      place: `${path}:${index + 1}`,
      text: span,
    }));
  });
}

/** The lines of a block that start programs. */
function blockSnippets(path: string, { info, text, line }: CodeBlock): Snippet[] {
  const lines = text.split("\n").map((each, index) => ({ place: `${path}:${line + 1 + index}`, text: each }));
  if (info === "sh") return lines;
  if (info === "console") {
    return lines.filter((each) => each.text.startsWith("$ "))
      .map((each) => ({ ...each, text: each.text.slice(2) }));
  }
  if (info !== "ini" && info !== "dockerfile") return [];
  // ExecStart=/usr/bin/packflow run ..., and ENTRYPOINT ["/packflow", "run", ...]
  return lines.filter((each) => /^(ExecStart=|ENTRYPOINT |CMD )/.test(each.text)).map(({ place, text }) => ({
    place,
    text: text.replaceAll(/[",[\]]/g, " ").replaceAll(/\s+/g, " ").replace(
      /^\S+?(?:=| )\S*(?=packflow)|^CMD /,
      "",
    ),
  }));
}
