import assert from "node:assert/strict";
import { ERROR_CODES } from "../../lib/base/error_codes.ts";
import { ERROR_CLASSES } from "../../lib/cli/exit_code.ts";
import { main } from "../../lib/cli/main.ts";
import { capturedOutput } from "../helpers/captured_output.ts";

async function explain(...args: readonly string[]) {
  const { value: code, stdout, stderr } = await capturedOutput(() => main(["explain", ...args]));
  return { code, stdout, stderr };
}

Deno.test("explain gives a code's cause, remedy and exit code, in 80 columns", async () => {
  for (const [code, { cause, remedy }] of Object.entries(ERROR_CODES)) {
    const told = await explain(code);
    assert.deepEqual([told.code, told.stderr], [0, ""]);
    const lines = told.stdout.split("\n");
    assert.equal(lines[0], code);
    const tooLong = lines.filter((line) => line.length > 80);
    assert.deepEqual(tooLong, [], "a line is too long for a terminal");
    const text = told.stdout.replace(/\s+/g, " ");
    assert.ok(text.includes(` ${cause} help: ${remedy} exit code `), text);
  }
});

Deno.test("explain takes a class for all its codes", async () => {
  const { stdout } = await explain("worker");
  const codes = stdout.match(/^\S+$/gm);
  assert.deepEqual(codes, Object.keys(ERROR_CODES).filter((code) => code.startsWith("worker.")));
});

Deno.test("explain without a code lists every code once, below its class", async () => {
  const { code, stdout, stderr } = await explain();
  assert.deepEqual([code, stderr], [0, ""]);
  const listed = [...stdout.matchAll(/^ {2}(\S+)$/gm)].map(([, name]) => name);
  assert.deepEqual(listed.toSorted(), Object.keys(ERROR_CODES).toSorted());
  for (const { about } of Object.values(ERROR_CLASSES)) assert.ok(stdout.includes(about), about);
});

Deno.test("an unknown code is wrong usage, and leads to the nearest one", async () => {
  assert.deepEqual(await explain("event.mising_field"), {
    code: 2,
    stdout: "",
    stderr: 'error Cannot explain "event.mising_field" as no error has this code [usage.invalid]\n' +
      "  help: See packflow explain event.missing_field\n",
  });
  assert.match(
    (await explain("delimiter_collision")).stderr,
    /See packflow explain event\.delimiter_collision\n$/,
  );
  for (const asked of ["frobnicate", "toString", ""]) {
    const { code, stderr } = await explain(asked);
    assert.equal(code, 2);
    assert.match(stderr, /help: See packflow explain, which lists all codes\n$/);
  }
});

Deno.test("explain --json gives the same to programs", async () => {
  const one = JSON.parse((await explain("event.not_object", "--json")).stdout);
  assert.deepEqual(one, {
    schema: "packflow.explain/1",
    ok: true,
    diagnostics: [],
    codes: [{ code: "event.not_object", ...ERROR_CODES["event.not_object"], exitCode: 3 }],
  });
  const all = JSON.parse((await explain("--json")).stdout);
  assert.equal(all.codes.length, Object.keys(ERROR_CODES).length);
  const unknown = await explain("x.y", "--json");
  assert.equal(unknown.code, 2);
  assert.equal(JSON.parse(unknown.stdout).diagnostics[0].code, "usage.invalid");
});
