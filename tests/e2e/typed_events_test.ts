/** `packflow run` where nothing is piped in: it says what it waits for, and answers what is typed. */
import assert from "node:assert/strict";
import { packflowTests } from "../helpers/packflow.ts";
import { findTerminal, runOnTerminal } from "../helpers/terminal.ts";

const python = await findTerminal();
const test: Awaited<ReturnType<typeof packflowTests>> = python === undefined
  ? () => {}
  : await packflowTests();

const HINT = "Reading events from the terminal";
const EVENT = '{"failed_attempts": 0, "hour": 10}';

test("run on a terminal says that it waits for events, and answers each", async (packflow, cwd) => {
  await packflow.run(["create", "logins", "--template", "minimal"], { cwd });
  const terminal = { packflow, python: python ?? "" };
  const typed = await runOnTerminal(terminal, ["run", "logins"], {
    cwd,
    steps: [[HINT, `${EVENT}\n`], ['"suspicious":false', "\x04"]],
  });
  assert.equal(typed.code, 0, typed.text);
  assert.match(typed.text, /1 event in, 1 answer out/);
});

test("run says nothing of the kind where events are piped in or in a file", async (packflow, cwd) => {
  await packflow.run(["create", "logins", "--template", "minimal"], { cwd });
  const piped = await packflow.run(["run", "logins"], { cwd, stdin: `${EVENT}\n` });
  assert.doesNotMatch(piped.stderr, new RegExp(HINT));
  const terminal = { packflow, python: python ?? "" };
  const args = ["run", "logins", "--input", "logins/events.ndjson"];
  const named = await runOnTerminal(terminal, args, { cwd, steps: [] });
  assert.doesNotMatch(named.text, new RegExp(HINT));
  assert.equal(named.code, 0, named.text);
});
