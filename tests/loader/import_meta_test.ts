import assert from "node:assert/strict";
import { importMeta, ROOT_LINE, rootLine } from "../../lib/loader/import_meta.ts";

/** Runs the code for a property of `import.meta` in a place. */
function evaluate(root: string, property: string | null, file: string): unknown {
  return new Function(`${root}return ${importMeta(property, file)};`)();
}

const PLACE = rootLine({ url: "file:///tmp/a%20b/", path: "/tmp/a b/", separator: "/" });
const WINDOWS = rootLine({ url: "file:///C:/p/", path: "C:\\p\\", separator: "\\" });

Deno.test("url, filename and dirname are those of the file, as its system writes them", () => {
  assert.equal(evaluate(PLACE, "url", "lib/é #?%x.ts"), "file:///tmp/a%20b/lib/%C3%A9%20%23%3F%25x.ts");
  assert.equal(evaluate(PLACE, "filename", "lib/x.ts"), "/tmp/a b/lib/x.ts");
  assert.equal(evaluate(PLACE, "dirname", "lib/x.ts"), "/tmp/a b/lib");
  assert.equal(evaluate(PLACE, "dirname", "x.ts"), "/tmp/a b");
  assert.equal(evaluate(WINDOWS, "filename", "lib/x.ts"), "C:\\p\\lib\\x.ts");
  assert.equal(evaluate(WINDOWS, "url", "lib/x.ts"), "file:///C:/p/lib/x.ts");
});

Deno.test("what import.meta does not have is undefined, and the whole of it is an object", () => {
  assert.equal(evaluate(PLACE, "constructor", "x.ts"), undefined);
  assert.equal(evaluate(PLACE, "main", "x.ts"), false);
  const meta = evaluate(PLACE, null, "x.ts");
  assert.ok(typeof meta === "object" && meta !== null);
  assert.deepEqual(Object.keys(meta), ["url", "filename", "dirname", "main", "resolve"]);
});

Deno.test("the line of a packaged bundle leads to the folder above .packflow", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await Deno.mkdir(`${folder}/.packflow`);
    const file = `${folder}/.packflow/b.js`;
    await Deno.writeTextFile(file, `${ROOT_LINE}export default ${importMeta("url", "x.ts")};`);
    assert.equal((await import(`file://${file}`)).default, `file://${folder}/x.ts`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
