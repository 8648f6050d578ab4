import assert from "node:assert/strict";
import { isInstalled } from "../helpers/is_installed.ts";
import { runProgram } from "../helpers/run_program.ts";
import { completionScript, testCompletion } from "../helpers/shell_completion.ts";

testCompletion("bash");

Deno.test({
  name: "shellcheck finds nothing in the completion of bash",
  ignore: !isInstalled("shellcheck"),
  async fn() {
    const stdin = await completionScript("bash");
    const { code, stdout } = await runProgram(["shellcheck", "--shell=bash", "-"], { stdin });
    assert.deepEqual([code, stdout], [0, ""]);
  },
});
