import assert from "node:assert/strict";
import { type Diagnostic, DiagnosticsError } from "../../lib/base/diagnostic.ts";
import { ERROR_CODES, type ErrorCode } from "../../lib/base/error_codes.ts";
import { PackflowError } from "../../lib/base/errors.ts";
import {
  diagnosticsOf,
  formatDiagnostic,
  furtherHelp,
  type Outcome,
  Report,
  wantsColour,
} from "../../lib/cli/report.ts";
import { capturedOutput } from "../helpers/captured_output.ts";

const FINDING: Diagnostic = {
  severity: "warning",
  code: "check.metadata_empty",
  message: "Expected more",
  remedy: "Write it",
  file: "packflow.jsonc",
  line: 2,
  column: 3,
};
const OUTCOME: Outcome = {
  ok: true,
  diagnostics: [FINDING],
  data: { count: 1 },
  output: ["data"],
  notes: ["talk"],
};
const GENERAL = ERROR_CODES["project.not_found"].remedy;

function noSpace(): Error {
  return new Error("No space left on device (os error 28)");
}

Deno.test("for people, data goes to standard output, findings and talk to standard error", async () => {
  const { value, stdout, stderr } = await capturedOutput(() => new Report("test", false).outcome(OUTCOME));
  assert.equal(value, 0);
  assert.equal(stdout, "data\n");
  assert.equal(
    stderr,
    "warning Expected more [check.metadata_empty]\n  at packflow.jsonc:2:3\n  help: Write it\ntalk\n",
  );
});

Deno.test("for machines, all there is is one line of JSON on standard output", async () => {
  const { stdout, stderr } = await capturedOutput(() => new Report("test", true).outcome(OUTCOME));
  assert.equal(stderr, "");
  assert.equal(stdout.indexOf("\n"), stdout.length - 1);
  assert.deepEqual(JSON.parse(stdout), {
    schema: "packflow.test/1",
    ok: true,
    diagnostics: [FINDING],
    count: 1,
  });
});

Deno.test("the exit code is 1 for what is not ok, unless the outcome has its own", async () => {
  const codeOf = async (outcome: Outcome) =>
    (await capturedOutput(() => new Report("test", false).outcome(outcome))).value;
  assert.equal(await codeOf({ ok: true }), 0);
  assert.equal(await codeOf({ ok: false }), 1);
  assert.equal(await codeOf({ ok: false, exitCode: 3 }), 3);
});

Deno.test("an error is told with place and remedy, and gives its exit code", async () => {
  const error = new PackflowError("project.not_found", "Cannot open", { place: { file: "a/b" } });
  const told = await capturedOutput(() => new Report("test", false).error(error));
  assert.deepEqual(told, {
    value: 4,
    stdout: "",
    stderr: `error Cannot open [project.not_found]\n  at a/b\n  help: ${GENERAL}\n` +
      "  more: packflow explain project.not_found\n",
  });
  const { value, stdout, stderr } = await capturedOutput(() => new Report("test", true).error(error));
  assert.deepEqual([value, stderr], [4, ""]);
  assert.deepEqual(JSON.parse(stdout), {
    schema: "packflow.test/1",
    ok: false,
    diagnostics: [{
      severity: "error",
      code: "project.not_found",
      message: "Cannot open",
      file: "a/b",
      remedy: GENERAL,
    }],
  });
});

Deno.test("a reader of the output that left changes nothing of how the command ended", async () => {
  const stdoutFault = new Deno.errors.BrokenPipe("Broken pipe (os error 32)");
  for (const json of [false, true]) {
    const report = new Report("test", json);
    const { value } = await capturedOutput(() => report.outcome({ ...OUTCOME, ok: false }), { stdoutFault });
    assert.equal(value, 1);
  }
});

Deno.test("an error that standard output does not take is told on standard error", async () => {
  const error = new PackflowError("project.not_found", "Cannot open");
  const { value, stderr } = await capturedOutput(() => new Report("test", true).error(error), {
    stdoutFault: noSpace(),
  });
  assert.equal(value, 4);
  assert.match(stderr, /^error Cannot open \[project\.not_found\]\n/);
});

Deno.test("a full disk is an error of its own, not a silent success", async () => {
  const failed = capturedOutput(() => new Report("test", true).outcome(OUTCOME), { stdoutFault: noSpace() });
  await assert.rejects(failed, { code: "sink.write_failed" });
});

Deno.test("diagnosticsOf gives the findings an error carries, itself, or what nobody expected", () => {
  assert.deepEqual(diagnosticsOf(new DiagnosticsError("check.failed", "all", [FINDING])), [FINDING]);
  const place = { file: "a", line: 1, column: 2, field: "b" };
  assert.deepEqual(diagnosticsOf(new PackflowError("event.not_object", "x", { place, remedy: "y" })), [
    { severity: "error", code: "event.not_object", message: "x", remedy: "y", file: "a", line: 1, column: 2 },
  ]);
  assert.deepEqual(diagnosticsOf(new TypeError("x is not a function")), [
    { severity: "error", code: "internal.unexpected", message: "x is not a function" },
  ]);
});

Deno.test("colour says what plain text says too", () => {
  const plain = formatDiagnostic(FINDING, false);
  const coloured = formatDiagnostic({ ...FINDING, severity: "error" }, true);
  assert.ok(coloured.startsWith("\x1b[31;1merror\x1b[0m "));
  // deno-lint-ignore no-control-regex
  assert.equal(coloured.replace(/\x1b\[[\d;]*m/g, "").replace("error", "warning"), plain);
});

Deno.test("colour is for terminals, unless NO_COLOR holds anything", () => {
  assert.equal(wantsColour(true, undefined), true);
  assert.equal(wantsColour(true, ""), true);
  assert.equal(wantsColour(true, "1"), false);
  assert.equal(wantsColour(true, "0"), false);
  assert.equal(wantsColour(false, undefined), false);
});

Deno.test("errors lead to packflow explain once, warnings and wrong usage do not", () => {
  const finding = (code: ErrorCode, severity: "error" | "warning" = "error"): Diagnostic => ({
    severity,
    code,
    message: "x",
  });
  const told = (...diagnostics: Diagnostic[]) => furtherHelp(diagnostics, false);
  assert.equal(told(), "");
  assert.equal(told(FINDING), "");
  assert.equal(told(finding("usage.invalid"), finding("internal.unexpected")), "");
  const one = "  more: packflow explain config.invalid\n";
  assert.equal(told(finding("config.invalid"), finding("config.invalid"), FINDING), one);
  assert.equal(
    told(finding("config.invalid"), finding("manifest.invalid")),
    "  more: packflow explain CODE\n",
  );
  const coloured = furtherHelp([finding("config.invalid")], true);
  // deno-lint-ignore no-control-regex
  assert.equal(coloured.replace(/\x1b\[[\d;]*m/g, ""), one);
});
