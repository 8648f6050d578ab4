import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { transformSync } from "../../lib/deps/swc.ts";
import { compileModule } from "../../lib/loader/compile_module.ts";

const compile = (file: string, source: string) => compileModule(file, source, transformSync);

function syntaxError(file: string, source: string): PackflowError {
  try {
    compile(file, source);
  } catch (error) {
    assert.ok(error instanceof PackflowError && error.code === "backend.syntax_error", String(error));
    return error;
  }
  assert.fail(`not refused: ${source}`);
}

Deno.test("TypeScript loses its types and types-only imports, and keeps enums and parameter properties", () => {
  const { code, map } = compile(
    "lib/a.ts",
    `import { Base, Shape } from "./base.ts";
    enum Kind { A, B }
    export class Model extends Base {
      declare config: Shape;
      session!: Shape;
      constructor(readonly kind: Kind) { super(); }
    }`,
  );
  assert.match(code, /import \{ Base \} from/);
  assert.doesNotMatch(code, /Shape|declare|readonly/);
  assert.match(code, /Kind\["A"\] = 0/);
  assert.match(code, /this\.kind = kind/);
  assert.deepEqual(JSON.parse(map ?? "").sources, ["a.ts"]);
});

Deno.test("JavaScript stays as it is", () => {
  const source = "f(a < b, c > (d));";
  assert.deepEqual(compile("a.js", source), { code: source, map: null });
  assert.deepEqual(compile("a.mjs", source), { code: source, map: null });
});

Deno.test("JSON becomes a default export, prototype keys as data", async () => {
  const text = '{ "__proto__": { "a": 1 }, "text": "\\u2028 </script> `${x}`" }';
  const { code } = compile("a.json", text);
  const module = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  assert.deepEqual(Object.keys(module.default), ["__proto__", "text"]);
  assert.equal(JSON.stringify(module.default), JSON.stringify(JSON.parse(text)));
});

Deno.test("a syntax error of TypeScript has line, column and the line itself, tabs counted as one", () => {
  const error = syntaxError("lib/a.ts", "const a = 1;\n\tlet b == 2;\n");
  assert.deepEqual(error.place, { file: "lib/a.ts", line: 2, column: 8 });
  assert.match(
    error.message,
    /^Cannot parse "lib\/a\.ts" as it must be valid TypeScript: Expected a semicolon\n/,
  );
  assert.match(error.message, /\n {2}2 \| \tlet b == 2;\n {4}\| \t {6}\^$/);
});

Deno.test("a syntax error of JSON has its place; comments are refused as Deno refuses them", () => {
  const error = syntaxError("a.json", '{\n  "a": 1,\n  b: 2 }');
  assert.deepEqual(error.place, { file: "a.json", line: 3, column: 3 });
  assert.match(syntaxError("a.json", '{ "a": 1 } // x').message, /without comments and trailing commas/);
  assert.match(syntaxError("a.json", "").message, /it is empty/);
});
