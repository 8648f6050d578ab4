import assert from "node:assert/strict";
import { describeExit } from "../../lib/isolate/worker_exit.ts";

Deno.test("every end of a process has a cause in words", () => {
  const cases: [code: number, signal: string | null, tail: string, reason: RegExp][] = [
    [
      133,
      "SIGTRAP",
      "# Fatal JavaScript out of memory: Ineffective mark-compacts near heap limit",
      /ran out of memory/,
    ],
    [137, "SIGKILL", "", /killed from outside/],
    [139, "SIGSEGV", "", /crashed with SIGSEGV/],
    [1, null, "error: Top-level await promise never resolved", /promise that nothing can resolve/],
    [1, null, "hello\nerror: Uncaught Error: no\n    at x", /failed: Uncaught Error: no$/],
    [0, null, "bye", /ended it with exit\(0\)$/],
  ];
  for (const [code, signal, tail, reason] of cases) {
    assert.match(describeExit({ code, signal }, tail).reason, reason);
  }
});
