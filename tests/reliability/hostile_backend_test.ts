/** Code of a project that does what it must not, for one event among many. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { backendWith, writeBackendProject } from "../helpers/backend_project.ts";
import { errorCode, figure } from "../helpers/echo_run.ts";
import { type Program, programs, runOn } from "../helpers/packflow_run.ts";

const EVENTS = 16;
/** The event that the code does it for. */
const AT = 9;

/** Long for a machine that is busy: what does not hang must not fail by it. */
const TIMEOUT = ["--timeout", "2500"];
/** Runs at a time. */
const AT_ONCE = 3;

/** What `execute` does with a batch that holds the event, before it answers; `bad` is the event's index in it. */
interface Deed {
  readonly code: string;
  /** The code of the event's error; undefined where it is answered all the same. */
  readonly error?: string;
  /** What standard error must tell. */
  readonly tells?: string;
  readonly args?: readonly string[];
}

const DEEDS: Record<string, Deed> = {
  "throws": { code: 'throw new Error("no");', error: "backend.hook_failed" },
  "throws what is no error": { code: "throw undefined;", error: "backend.hook_failed" },
  "rejects after it has answered": {
    code: 'Promise.reject(new Error("too late"));',
    tells: "left an error uncaught at inference.ts",
  },
  "hangs": { code: "for (;;);", error: "worker.timeout", args: TIMEOUT },
  "waits for ever": {
    code: "await new Promise((resolve) => setTimeout(resolve, 1e9));",
    error: "worker.timeout",
    args: TIMEOUT,
  },
  "exits": { code: "Deno.exit(0);", error: "worker.exited" },
  "floods its output": {
    code: 'for (let i = 0; i < 50_000; i++) console.log("x".repeat(100));',
    tells: "characters more were dropped",
  },
  "writes to the output behind the program's back": {
    code: '(await import("node:fs")).writeSync(1, "{}\\n".repeat(1000));',
    error: "worker.protocol",
  },
  "answers too few": { code: "return answers.slice(1);", error: "backend.wrong_output" },
  "answers too many": { code: "return [...answers, ...answers];", error: "backend.wrong_output" },
  "answers with NaN": { code: "answers[bad] = { id: AT, y: NaN };", error: "backend.not_json" },
  "answers with itself": {
    code: "const self: Record<string, unknown> = {}; self.self = self; answers[bad] = self as never;",
    error: "backend.not_json",
  },
  "changes its events and throws": {
    code: 'for (const event of events) event.id = -1; events.length = 0; throw new Error("no");',
    error: "backend.hook_failed",
  },
  "changes what all code shares and throws": {
    code: 'JSON.stringify = () => "{}"; Array.prototype.map = () => []; throw new Error("no");',
    // Its worker cannot answer any more.
    error: "worker.protocol",
  },
};

const INPUT = Array.from({ length: EVENTS }, (_, id) => `{"id":${id}}\n`).join("");
const GOOD = Array.from({ length: EVENTS }, (_, id) => `{"id":${id},"y":${2 * id}}`);

/** The code of a backend that doubles ids, and does that for one event. */
function backendThat(deed: string): string {
  const body = `const AT = ${AT};
    const bad = events.findIndex(({ id }) => id === AT);
    const answers = events.map(({ id }) => ({ id, y: 2 * Number(id) }));
    if (bad !== -1) { ${deed} }
    return answers;`;
  return backendWith(body).replace("override execute", "override async execute");
}

/** Has a backend do it; says whether that took the run down, and throws if it did not end as it should. */
async function takesDown(program: Program, { code, error, tells = "", args = [] }: Deed): Promise<boolean> {
  await using project = await writeBackendProject({ "inference.ts": backendThat(code) });
  const options = ["--workers", "1", "--on-error", "emit", "--summary", "json", ...args];
  const run = await runOn(program, INPUT, [project.folder, ...options]);
  if (run.summary.outcome !== "completed" || run.signal !== null) return true;
  const seen = run.lines.map((line) => errorCode(line) ?? line);
  deepStrictEqual(seen, GOOD.map((line, id) => id === AT ? error ?? line : line), run.errors.slice(-500));
  ok(run.errors.includes(tells), run.errors.slice(-500));
  strictEqual(run.code, error === undefined ? 0 : 3);
  return false;
}

for (const program of await programs()) {
  Deno.test(`S14: code that does what it must not fails one event at most (${program.name})`, async () => {
    const down: string[] = [];
    const wrong: string[] = [];
    const left = Object.entries(DEEDS).values();
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (const [name, deed] of left) {
        try {
          if (await takesDown(program, deed)) down.push(name);
        } catch (error) {
          wrong.push(`${name}: ${error}`);
        }
      }
    }));
    const all = Object.keys(DEEDS).length;
    figure(
      `S14 hostile code (${program.name}): ${down.length} of ${all} take the run down, ${wrong.length} wrong`,
    );
    strictEqual(down.join(), "");
    strictEqual(wrong.join("\n"), "");
  });
}
