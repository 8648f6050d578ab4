/** How pages are turned into what the tests run. */
import assert from "node:assert/strict";
import { readPage } from "../../scripts/docs/markdown_page.ts";
import { runPage } from "../helpers/doc_session.ts";
import { docSteps, isShown } from "../helpers/doc_steps.ts";

function steps(...lines: readonly string[]) {
  return docSteps(readPage("page.md", lines.join("\n")));
}

const PAGE = [
  "<!-- file: sub/a.txt -->",
  "```text",
  "hello",
  "```",
  "```sh",
  "cd sub",
  "export WHO=world",
  "```",
  "<!-- first: true -->",
  "```console",
  "$ cat a.txt",
  "hello",
  '$ echo "$WHO" \\',
  "  again; echo 1.25 s",
  "world again",
  "... s",
  "```",
  "<!-- not run: it would fail here -->",
  "```sh",
  "false",
  "```",
  "<!-- fails -->",
  "```sh",
  "echo no >&2; exit 3",
  "```",
  "<!-- prints -->",
  "```",
  "no",
  "```",
];

Deno.test("a page's blocks run in order, in one folder, with what they export", async () => {
  await runPage("page.md", steps(...PAGE));
});

Deno.test("what a page says wrongly is told with its line", async () => {
  const wrong = (...lines: readonly string[]) => runPage("page.md", steps(...lines));
  await assert.rejects(
    wrong("text", "```sh", "exit 7", "```"),
    /^Error: page\.md:2: exit 7\nended with exit code 7/,
  );
  await assert.rejects(wrong("```console", "$ echo a", "b", "```"), /printed\na\nwhere the page shows\nb/);
  await assert.rejects(wrong("<!-- fails -->", "```sh", "true", "```"), /exit code 0/);
  await assert.rejects(wrong("<!-- background -->", "```sh", "echo bye", "```"), /ended, and printed\nbye/);
});

Deno.test("blocks that could not be run as they stand are refused", () => {
  assert.throws(() => steps("```sh", "packflow serve x", "```"), /mark it with the comment background/);
  assert.throws(() => steps("```console", "no prompt", "```"), /does not begin with/);
  assert.throws(() => steps("<!-- prints -->", "```", "x", "```"), /what no block before it prints/);
});

Deno.test("three dots stand for what differs from run to run", () => {
  assert.ok(isShown("a\n...\nz", "a\nb\nc\nz\n"));
  assert.ok(isShown("a\n...\nz", "a\nz"));
  assert.ok(isShown("5 events in ... s", "5 events in 0.42 s\n"));
  assert.ok(isShown("a  \nb", "a\nb\n\n"));
  assert.ok(!isShown("a\nb", "a\nc"));
  assert.ok(!isShown("a\nb", "a\nb\nc"));
  assert.ok(!isShown("a.c", "abc"));
});
