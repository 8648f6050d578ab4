/** Strings that have broken other programs, as values and as keys of events. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { echoRun, figure } from "../helpers/echo_run.ts";
import { naughtyStrings } from "../helpers/naughty_strings.ts";

Deno.test("S3: every naughty string comes back as it was, as a value and as a key", async () => {
  const texts = naughtyStrings.map((text) => JSON.stringify(text));
  const lines = texts.flatMap((text) => [`{"value":${text}}`, `{${text}:"key"}`]);
  const run = await echoRun(lines.join("\n"), { chunkBytes: 1000, batchSize: 7 });
  const same = lines.filter((line, index) => run.lines[index] === line).length;
  figure(`S3 naughty strings: ${same}/${lines.length} the same, byte for byte`);
  deepStrictEqual(run.lines, lines);

  const escape = (text: string) =>
    text.replace(/[^"\\]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const escaped = naughtyStrings.map((text) => `{"value":"${escape(text.replaceAll(/["\\]/g, ""))}"}`);
  const again = await echoRun(escaped.join("\n"));
  deepStrictEqual(again.lines, escaped.map((line) => JSON.stringify(JSON.parse(line))));
  strictEqual(again.summary.failed, 0);
});
