import assert from "node:assert/strict";
import { findImport, findImportedName } from "../../lib/loader/find_import.ts";

Deno.test("findImport finds every form of import and re-export", () => {
  const forms = [
    'import x from "a"',
    "import 'a'",
    'export * from "a"',
    'await import( "a" )',
    'import {\n x,\n} from\n "a"',
  ];
  for (const form of forms) {
    const source = `const b = 1;\n  ${form};`;
    const place = findImport(source, "a");
    assert.ok(place !== undefined, form);
    const line = source.split("\n")[place.line - 1] ?? "";
    assert.match(line.slice(place.column - 1), /^["']a["']/, form);
  }
});

Deno.test("findImport skips comments and does not take a specifier for a pattern", () => {
  assert.deepEqual(findImport('// import "a"\n/* from "a"\n */ import "a"', "a"), { line: 3, column: 12 });
  assert.equal(findImport('import "a.ts"', "a?ts"), undefined);
  assert.equal(findImport('import "axts"', "a.ts"), undefined);
  assert.deepEqual(findImport('import "https://x.org/a.ts"', "https://x.org/a.ts"), { line: 1, column: 8 });
  assert.deepEqual(findImport('// import "file:///a"\nimport "file:///a"', "file:///a"), {
    line: 2,
    column: 8,
  });
});

Deno.test("findImportedName finds a name in an import or a re-export, not elsewhere", () => {
  const source = 'const nope = 1;\n// import { nope } from "x";\nimport { nopes, nope as y } from "x";';
  assert.deepEqual(findImportedName(source, "nope"), { line: 3, column: 17 });
  assert.deepEqual(findImportedName('export {\n  $a,\n} from "x"', "$a"), { line: 2, column: 3 });
  assert.equal(findImportedName('export const nope = "from";', "nope"), undefined);
});
