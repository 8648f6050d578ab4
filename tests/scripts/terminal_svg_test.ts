import assert from "node:assert/strict";
import { terminalSvg } from "../../scripts/site/terminal_svg.ts";

function draw(text: string, columns = 20): string {
  return terminalSvg({ title: "A <title>", text, columns });
}

/** The texts of the picture, row by row. */
function rows(svg: string): string[][] {
  return [...svg.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, row = ""]) =>
    [...row.matchAll(/<tspan [^>]*>(.*?)<\/tspan>/g)].map(([, text = ""]) => text)
  );
}

Deno.test("draws a row for each line, and none for an empty one", () => {
  assert.deepEqual(rows(draw("one\n\nthree\n")), [["one"], ["three"]]);
});

Deno.test("parts lines that are wider than the terminal", () => {
  assert.deepEqual(rows(draw("abcdefgh\n", 3)), [["abc"], ["def"], ["gh"]]);
});

Deno.test("colours what the codes colour, to the code that ends it", () => {
  const svg = draw("\x1b[31;1merror\x1b[0m bad \x1b[36mfile\x1b[0m");
  assert.deepEqual(rows(svg), [["error", "bad", "file"]]);
  assert.match(svg, /fill="#ff8680" font-weight="bold">error</);
  assert.match(svg, /fill="#6cc7dd">file</);
  assert.match(svg, /x="68.4"[^>]*>bad</);
});

Deno.test("shows what is left of a line that was written anew, as progress is", () => {
  assert.deepEqual(rows(draw("\r\x1b[Khalf\r\x1b[Kdone\n")), [["done"]]);
});

Deno.test("escapes what means something in SVG", () => {
  const svg = draw('a < b & "c"\n');
  assert.deepEqual(rows(svg), [["a &lt; b &amp; &quot;c&quot;"]]);
  assert.match(svg, /<title>A &lt;title&gt;<\/title>/);
});
