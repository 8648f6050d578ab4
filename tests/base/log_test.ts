import assert from "node:assert/strict";
import { outcomeOf, startModule } from "../helpers/start_module.ts";

/** What a process with this level in its environment, or none, writes when it logs one line of each level. */
async function logged(env: { PACKFLOW_LOG_LEVEL?: string }): Promise<string[]> {
  const unset = env.PACKFLOW_LOG_LEVEL === undefined ? 'Deno.env.delete("PACKFLOW_LOG_LEVEL");' : "";
  const text = 'import { log } from "lib/base/log.ts";' + unset +
    'for (const level of ["debug", "info", "warn", "error"]) log(level, `of ${level}`);';
  const { code, stdout, stderr } = await outcomeOf(startModule(text, { env }));
  assert.deepEqual([code, stdout], [0, ""]);
  return stderr.split("\n").slice(0, -1);
}

const LINES = ["debug", "info", "warn", "error"].map((level) => `packflow ${level}: of ${level}`);

Deno.test("a level lets itself and what matters more through, in any case of letters", async () => {
  const levels = ["debug", "INFO", "Warn", "error"];
  const found = await Promise.all(levels.map((name) => logged({ PACKFLOW_LOG_LEVEL: name })));
  assert.deepEqual(found, levels.map((_, index) => LINES.slice(index)));
});

Deno.test("without a level, or with an empty one, it is info", async () => {
  assert.deepEqual(await Promise.all([logged({}), logged({ PACKFLOW_LOG_LEVEL: "" })]), [
    LINES.slice(1),
    LINES.slice(1),
  ]);
});

Deno.test("an unknown level is told once, with those there are, and taken for info", async () => {
  for (const name of ["loud", " info", "toString"]) {
    const [warning, ...lines] = await logged({ PACKFLOW_LOG_LEVEL: name });
    assert.equal(
      warning,
      `packflow warn: PACKFLOW_LOG_LEVEL is "${name}", which is no level; ` +
        'taking "info" (levels: debug, info, warn, error)',
    );
    assert.deepEqual(lines, LINES.slice(1));
  }
});
