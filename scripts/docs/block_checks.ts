import { DiagnosticsError } from "../../lib/base/diagnostic.ts";
import { messageOf } from "../../lib/base/errors.ts";
import { isJsonObject, type JsonObject } from "../../lib/base/json.ts";
import { parseJsonWithComments } from "../../lib/config/json_with_comments.ts";
import { manifestJsonSchema } from "../../lib/config/manifest.ts";
import { parseManifest } from "../../lib/config/parse_manifest.ts";
import type { CodeBlock, MarkdownPage } from "./markdown_page.ts";

/** Blocks of these are run by the tests, or written to a file for those that are. */
const RUN = /^(?:sh|console)$/;
const SCRIPT = /^(?:ts|js|typescript|javascript)\b/;
/** Of these `deno test --doc` runs blocks of code. */
const DOC_TESTED = /^(?:README\.md$|docs\/)/;

/** Every block is run, checked or shown for a reason: nothing stands there that may have gone stale unseen. */
export function blocks(pages: readonly MarkdownPage[]): string[] {
  return pages.flatMap((page) =>
    page.blocks.flatMap((block) => {
      const problem = blockProblem(page, block);
      return problem === undefined ? [] : [`${page.path}:${block.line} ${problem}`];
    })
  );
}

function blockProblem({ path }: MarkdownPage, { info, text, marks }: CodeBlock): string | undefined {
  const reason = marks.get("not run") ?? marks.get("not ours");
  if (reason !== undefined) {
    return reason.split(" ").length > 2 ? undefined : "must say why it is not run, in a few words";
  }
  if (marks.has("file") || marks.has("prints")) return undefined;
  if (RUN.test(info)) {
    return /^(README\.md|docs\/|templates\/)/.test(path) ? undefined : "is not run: only blocks of docs are";
  }
  if (/^(bash|shell|zsh|fish)$/.test(info)) return "must be marked sh, or console where it shows output";
  if (SCRIPT.test(info)) return scriptProblem(path, info);
  if (info === "json" || info === "jsonc") return jsonProblem(text);
  if (info === "ndjson") return text.split("\n").map(lineProblem).find((problem) => problem !== undefined);
  // the tests look at these in their own ways; what has no kind is text
  return /^(?:py|html|ini|dockerfile|yaml|text|)$/.test(info) ? undefined : `is of no known kind: ${info}`;
}

function lineProblem(line: string): string | undefined {
  try {
    JSON.parse(line);
    return undefined;
  } catch {
    return `has a line that is not JSON: ${line}`;
  }
}

function scriptProblem(path: string, info: string): string | undefined {
  if (/\bignore\b/.test(info)) return "is ignored: mark it with a comment file: or not run:";
  return DOC_TESTED.test(path) ? undefined : "is not run: only blocks of docs are";
}

/** JSON is a manifest or a part of one, or says by its schema which command prints it. */
function jsonProblem(text: string): string | undefined {
  const { value, problems: [problem] } = parseJsonWithComments(text);
  if (problem !== undefined) return `is not JSON: ${problem.reason}`;
  if (!isJsonObject(value)) return "is no object: mark it with a comment not ours:";
  if (/^packflow\.[a-z-]+\/\d+$/.test(String(value["schema"]))) return undefined;
  const known = Object.keys(manifestProperties());
  if (!Object.keys(value).every((key) => known.includes(key))) {
    return "is neither from packflow.jsonc nor printed by Packflow: mark it with a comment not ours:";
  }
  return manifestProblem({ name: "example", ...value });
}

function manifestProblem(manifest: JsonObject): string | undefined {
  try {
    parseManifest(JSON.stringify(manifest), "packflow.jsonc");
    return undefined;
  } catch (error) {
    const first = error instanceof DiagnosticsError ? error.diagnostics[0]?.message : undefined;
    return `is not as packflow.jsonc must be: ${first ?? messageOf(error)}`;
  }
}

function manifestProperties(): JsonObject {
  const { properties } = manifestJsonSchema();
  return isJsonObject(properties) ? properties : {};
}
