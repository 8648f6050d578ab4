import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { openSink } from "../../lib/stream/sink.ts";
import { bytesOf } from "../helpers/streams.ts";

async function inFolder(run: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs code that has `openSink` and says on stderr what `write` threw; `shell` has it as "$@". */
async function inShell(shell: string, code: string) {
  const module = new URL("../../lib/stream/sink.ts", import.meta.url).href;
  const script = `import { openSink } from ${JSON.stringify(module)};
    const sink = await openSink("-");
    try { ${code} } catch (error) { console.error(error.code); }`;
  const command = new Deno.Command("bash", {
    args: ["-c", shell, "bash", Deno.execPath(), "eval", script],
    stdin: "null",
    env: { NO_COLOR: "1" },
  });
  const { stdout, stderr } = await command.output();
  const text = new TextDecoder();
  return { stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

Deno.test("a file holds what was written, in order, and nothing of before", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/out`, "something longer from before");
    const sink = await openSink(`${folder}/out`);
    await sink.write(bytesOf("one "));
    await sink.write(bytesOf("two"));
    await sink.close();
    strictEqual(await Deno.readTextFile(`${folder}/out`), "one two");
  }));

Deno.test("a place that cannot be written is refused at the start", () =>
  inFolder(async (folder) => {
    await rejects(openSink(`${folder}/none/out`), {
      code: "sink.not_writable",
      message: /its folder must exist$/,
    });
    await rejects(openSink(folder), { code: "sink.not_writable", message: /it is a folder$/ });
  }));

Deno.test("the input is never overwritten, by whatever path it is named", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/in`, "precious");
    await Deno.symlink(`${folder}/in`, `${folder}/link`);
    for (const path of [`${folder}/in`, `${folder}/link`, `${folder}/./in`]) {
      await rejects(openSink(path, ["-", `${folder}/none`, `${folder}/in`]), { code: "sink.is_source" });
    }
    strictEqual(await Deno.readTextFile(`${folder}/in`), "precious");
    await (await openSink(`${folder}/out`, [`${folder}/in`])).close();
  }));

Deno.test("a full device is a failed write that says so", async () => {
  const sink = await openSink("/dev/full");
  await rejects(sink.write(bytesOf("x")), {
    code: "sink.write_failed",
    message: /no space left on its device$/,
  });
  await sink.close();
});

Deno.test("standard output takes all bytes, in order", async () => {
  const code =
    "for (let i = 0; i < 3; i++) await sink.write(new TextEncoder().encode(`${i}`.repeat(100000)));";
  const { stdout, stderr } = await inShell('"$@" | cat', code);
  deepStrictEqual([stdout, stderr], ["0".repeat(100_000) + "1".repeat(100_000) + "2".repeat(100_000), ""]);
});

Deno.test("a reader that goes away is told apart from a full device", async () => {
  const endless = "for (;;) await sink.write(new TextEncoder().encode('line\\n'));";
  deepStrictEqual(await inShell('"$@" | head -1', endless), { stdout: "line\n", stderr: "sink.closed\n" });
  deepStrictEqual(await inShell('"$@" >/dev/full', endless), { stdout: "", stderr: "sink.write_failed\n" });
});
