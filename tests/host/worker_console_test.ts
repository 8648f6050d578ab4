import assert from "node:assert/strict";
import { runModule } from "../helpers/run_module.ts";

Deno.test("nothing of console goes to standard output, and labels are counted and timed", async () => {
  const printed = await runModule(`
    const lines = [];
    globalThis.console.error = (...args) => { lines.push(args.map(String).join(" ")); };
    const { printToStderr } = await import("lib/host/worker_console.ts");
    printToStderr();
    console.log("a", 1); console.info("b"); console.debug("c"); console.dir("d"); console.dirxml("e");
    console.table("f"); console.group("g"); console.groupCollapsed("h"); console.groupEnd(); console.clear();
    console.count(); console.count(); console.countReset(); console.count(); console.count("x");
    console.time("t"); console.timeLog("t", "on"); console.timeEnd("t"); console.timeEnd("t");
    const text = JSON.stringify(lines.map((line) => line.replace(/[\\d.]+ms/, "ms")));
    Deno.stdout.writeSync(new TextEncoder().encode(text));
  `);
  assert.deepEqual(JSON.parse(printed), [
    ...["a 1", "b", "c", "d", "e", "f", "g", "h"],
    ...["default: 1", "default: 2", "default: 1", "x: 1", "t: ms on", "t: ms"],
  ]);
});
