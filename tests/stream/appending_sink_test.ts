import assert from "node:assert/strict";
import { openAppendingSink } from "../../lib/stream/appending_sink.ts";
import { packflowError } from "../helpers/packflow_error.ts";
import { bytesOf } from "../helpers/streams.ts";

async function within(act: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await act(`${folder}/out.ndjson`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function appended(path: string, text: string): Promise<string> {
  const sink = await openAppendingSink(path, []);
  try {
    await sink.write(bytesOf(text));
    await sink.sync();
  } finally {
    await sink.close();
  }
  return await Deno.readTextFile(path);
}

Deno.test("what a file holds stays, but for a last line that was not finished", async () => {
  await within(async (path) => {
    assert.equal(await appended(path, "a\n"), "a\n");
    assert.equal(await appended(path, "b\nhal"), "a\nb\nhal");
    assert.equal(await appended(path, "c\n"), "a\nb\nc\n");
  });
});

Deno.test("a last line is found however long it is", async () => {
  await within(async (path) => {
    for (const size of [65_535, 65_536, 65_537, 200_000]) {
      await Deno.writeTextFile(path, `${"x".repeat(70_000)}\n${"y".repeat(size)}`);
      assert.equal((await appended(path, "z\n")).length, 70_001 + 2);
    }
    await Deno.writeTextFile(path, "y".repeat(100_000));
    assert.equal(await appended(path, "z\n"), "z\n");
  });
});

Deno.test("a file that cannot be written is refused, and so is the input", async () => {
  await within(async (path) => {
    await packflowError(openAppendingSink(`${path}/none/x`, []), "sink.not_writable");
    await Deno.writeTextFile(path, "a\n");
    await packflowError(openAppendingSink(path, [path]), "sink.is_source");
    assert.equal(await Deno.readTextFile(path), "a\n");
  });
});

Deno.test({
  name: "a file whose lines cannot be looked at is refused rather than emptied",
  permissions: { read: false, write: true },
  async fn() {
    const path = await Deno.makeTempFile();
    try {
      await packflowError(openAppendingSink(path, []), "sink.not_writable");
    } finally {
      await Deno.remove(path);
    }
  },
});
