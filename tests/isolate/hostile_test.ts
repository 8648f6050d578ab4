import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { backendWith, writeBackendProject } from "../helpers/backend_project.ts";
import { answer, isolationHosts, refusal, setupFor, witness } from "../helpers/isolation.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const timeout = () => new PackflowError("worker.timeout", "Cannot wait longer");

/** A function whose loop never ends: (module (func (export "f") (loop br 0))). */
const WASM_LOOP =
  "new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0," +
  "3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11]))).exports.f();";
const HANGS: Record<string, string> = {
  "JavaScript loop": "for (;;) {}",
  "WebAssembly loop": WASM_LOOP,
  "regular expression": 'console.log(/^(a+)+$/.test("a".repeat(60) + "b"));',
  "storm of promises": "const storm = (): unknown => Promise.resolve().then(storm); await storm();",
};

/** A project whose `execute` runs some code, and doubles `x` after that. */
function projectThat(code: string, top = "") {
  const backend = backendWith(
    `await Promise.resolve();\n${code}\nreturn events.map((event) => ({ y: 2 * Number(event.x) }));`,
  ).replace("override execute", "override async execute");
  return writeBackendProject({ "inference.ts": `${backend}\n${top}` });
}

for (const host of await isolationHosts()) {
  for (const [name, code] of Object.entries(HANGS)) {
    Deno.test(`X5: a ${name} is stopped, in execute and while loading (${host.name})`, async () => {
      const hang = `console.log("it hangs");\n${code}`;
      await using inExecute = await projectThat(hang);
      await using first = witness(await setupFor(inExecute.folder, host));
      const call = refusal(first.worker.process({ bytes: encoder.encode('{"x":1}\n') }));
      await first.printed("it hangs");
      first.worker.kill(timeout());
      assert.equal(await call, "worker.timeout: Cannot wait longer");
      assert.equal((await first.worker.exited).reason, "it was stopped");

      await using atTop = await projectThat("", hang);
      await using second = witness(await setupFor(atTop.folder, host));
      await second.printed("it hangs");
      second.worker.kill(timeout());
      assert.equal(await refusal(second.worker.ready), "worker.timeout: Cannot wait longer");
      assert.equal((await second.worker.exited).signal, "SIGKILL");
    });
  }

  Deno.test(`X6: whatever ends a worker is told with its cause (${host.name})`, async () => {
    const ends: [code: string, reason: RegExp][] = [
      [
        "const all: unknown[] = []; for (;;) all.push(new Array(1e6).fill(all.length + 0.5));",
        /ran out of memory/,
      ],
      ["Deno.exit(0);", /ended it with exit\(0\)/],
      ["Deno.exit(3);", /ended it with exit\(3\)/],
      ['(await import("node:process")).default.exit(4);', /exit\(4\)/],
      ["await new Promise(() => {});", /a promise that nothing can resolve/],
    ];
    for (const [code, reason] of ends) {
      await using project = await projectThat(code);
      await using seen = witness(await setupFor(project.folder, host));
      const refused = await refusal(seen.worker.process({ bytes: encoder.encode('{"x":1}\n') }));
      assert.match(refused, /^worker.exited: Cannot go on with a worker as /, code);
      assert.match(refused, reason, code);
      assert.match(await refusal(seen.worker.call("infer", {})), reason, "a later request hears the same");
    }
  });

  Deno.test(`X6: a worker survives what only fails (${host.name})`, async () => {
    const attempts = [
      "const deep = (): number => 1 + deep(); try { deep(); } catch { /* stack overflow */ }",
      "const all = []; try { for (let i = 0; i < 64; i++) all.push(new ArrayBuffer(2 ** 33)); } catch { /* none left */ }",
      "const files = []; try { for (let i = 0; i < 1e5; i++) files.push(Deno.openSync(new URL(import.meta.url))); } " +
      "catch { files.forEach((file) => file.close()); }",
      'for (let i = 0; i < 20; i++) new Worker("data:text/javascript,", { type: "module" }).terminate();',
    ];
    for (const attempt of attempts) {
      await using project = await projectThat(attempt);
      await using seen = witness(await setupFor(project.folder, host));
      assert.deepEqual(await answer(seen.worker, { x: 4 }), { y: 8 }, attempt);
    }
  });

  Deno.test(`X7: what project code prints is no frame (${host.name})`, async () => {
    const frame =
      "new Uint8Array([...new Array(16).fill(7), 17, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])";
    const harmless = [
      'console.log("a"); console.info("b"); console.table([{ a: 1 }]); console.group("c"); console.dir({});',
      'console.count(); console.countReset(); console.time("t"); console.timeLog("t"); console.timeEnd("t"); ' +
      "console.groupCollapsed(); console.groupEnd(); console.clear(); console.dirxml({}); console.debug(1);",
      `Deno.stdout.writeSync(${frame}); await Deno.stdout.write(${frame});`,
      `(await import("node:process")).default.stdout.write(${frame});`,
      `globalThis.process.stdout.write("x"); const { stdout } = await import("node:process"); stdout.write("y");`,
      `await new Response("streamed").body!.pipeTo(Deno.stdout.writable, { preventClose: true });`,
      "console.log = () => {}; Uint8Array.prototype.set = () => {}; JSON.parse = () => ({});",
    ];
    for (const code of harmless) {
      await using project = await projectThat(code);
      await using seen = witness(await setupFor(project.folder, host));
      const { output, written } = await seen.worker.process({ bytes: encoder.encode('{"x":1}\n') });
      assert.deepEqual([decoder.decode(output), written], ['{"y":2}\n', 1], code);
    }
    const forged = [
      `(await import("node:fs")).writeSync(1, ${frame});`,
      `(await import("node:fs")).writeSync(1, "hello");`,
      'await new Promise((resolve) => { new Worker("data:text/javascript,console.log(1);self.postMessage(1)", ' +
      '{ type: "module" }).onmessage = resolve; });',
    ];
    for (const code of forged) {
      await using project = await projectThat(code);
      await using seen = witness(await setupFor(project.folder, host));
      const refused = await refusal(seen.worker.process({ bytes: encoder.encode('{"x":1}\n') }));
      assert.match(refused, /^worker.protocol: .*must leave its standard output alone/, code);
      assert.equal((await seen.worker.exited).signal, "SIGKILL");
    }
  });

  Deno.test(`a late rejection or exception is a warning with its place (${host.name})`, async () => {
    await using project = await projectThat(
      'Promise.reject(new Error("too late"));\nsetTimeout(() => { throw new Error("from a timer"); });\n' +
        "await new Promise((resolve) => setTimeout(resolve, 1));",
    );
    await using seen = witness(await setupFor(project.folder, host));
    assert.deepEqual(await answer(seen.worker, { x: 1 }), { y: 2 });
    const warnings = seen.warnings.map((text) => text.replace(/:\d+: /, ": ")).toSorted();
    assert.deepEqual(warnings, [
      "The project's code left an error uncaught at inference.ts:6: too late",
      "The project's code left an error uncaught at inference.ts:7: from a timer",
    ]);
  });

  Deno.test(`a flood of output is cut with a note (${host.name})`, async () => {
    await using project = await projectThat('for (let i = 0; i < 20000; i++) console.log("x".repeat(100));');
    const clock = { now: () => 0, after: () => () => {} };
    await using seen = witness(await setupFor(project.folder, host), { clock });
    assert.deepEqual(await answer(seen.worker, { x: 1 }), { y: 2 });
    seen.worker.kill();
    await seen.worker.exited;
    assert.ok(seen.lines.length < 700, `${seen.lines.length} lines`);
    assert.match(seen.lines.at(-1) ?? "", /^\(\d{6,7} characters more were dropped\)$/);
  });

  Deno.test(`errors keep code, message, place and remedy (${host.name})`, async () => {
    await using project = await writeBackendProject({
      "inference.ts": backendWith('if (events[0]?.x === 0) throw new Error("zero");\n    return [1];'),
    });
    await using seen = witness(await setupFor(project.folder, host));
    const thrown = await seen.worker.call("infer", { x: 0 }).catch((error) => error);
    assert.ok(thrown instanceof PackflowError && thrown.cause instanceof Error);
    assert.deepEqual([thrown.code, thrown.place], [
      "backend.hook_failed",
      { hook: "execute", file: "inference.ts", line: 5, column: 35 },
    ]);
    assert.match(thrown.cause.stack ?? "", /inference.ts:5:/);
    assert.match(await refusal(seen.worker.call("infer", [{ x: 1 }, { x: 2 }])), /^backend.wrong_output: /);
    assert.match(await refusal(seen.worker.call("checkIo", [{ x: 1 }])), /^check.io: /);
  });
}
