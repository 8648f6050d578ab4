import assert from "node:assert/strict";
import { bytesSource } from "../../lib/archive/byte_source.ts";
import { Limits } from "../../lib/archive/limits.ts";
import { readZipList } from "../../lib/archive/zip_list.ts";
import { archive, file } from "../helpers/archives.ts";
import { join } from "../helpers/raw_tar.ts";
import { numbers, rawCentral, rawEnd, rawEnd64, rawLocal } from "../helpers/raw_zip.ts";

const MAX = 0xffff_ffff;

Deno.test("the list says where each file lies, without gap", async () => {
  const bytes = await archive([file("a", "x"), file("b/c", "y".repeat(900), 0o755)], "zip");
  const files = await readZipList(bytesSource(bytes), new Limits());
  assert.deepEqual(files.map(({ path, mode, method, size }) => [path, mode, method, size]), [
    ["a", 0o644, 0, 1],
    ["b/c", 0o755, 8, 900],
  ]);
  assert.deepEqual(files.map(({ offset }) => offset), [0, 30 + 1 + 1]);
});

Deno.test("files of 5 GiB are listed by their ZIP64 fields, those that are not spelled right refused", async () => {
  const size = 5 * 2 ** 30;
  const sizes = numbers([8, size], [8, size]);
  const large = { method: 0, packed: MAX, size: MAX, version: 45, madeBy: 0x032d };
  const local = rawLocal({ ...large, extra: join(numbers([2, 1], [2, 16]), sizes) });
  const end = local.length + size;
  const list = join(
    rawCentral({ ...large, name: "a", extra: join(numbers([2, 1], [2, 16]), sizes) }),
    rawCentral({
      name: "b",
      method: 0,
      offset: MAX,
      version: 45,
      madeBy: 0x032d,
      extra: numbers([2, 1], [2, 8], [8, end - 7]),
    }),
  );
  const offset = end - 7 + 31;
  const tail = (at: number) =>
    join(
      list,
      rawEnd64({ count: 2, size: list.length, offset, at }),
      rawEnd({ here: 2, count: 2, size: list.length, offset: MAX }),
    );
  const good = await readZipList(sparse(offset, tail(offset + list.length)), new Limits());
  assert.deepEqual(good.map(({ path, size, offset }) => [path, size, offset]), [
    ["a", size, 0],
    ["b", 0, end - 7],
  ]);
  const wrong = readZipList(sparse(offset, tail(offset + list.length + 1)), new Limits());
  await assert.rejects(wrong, { code: "package.corrupt" });
});

/** A source that is zeros but for its end. */
function sparse(zeros: number, tail: Uint8Array) {
  return {
    size: zeros + tail.length,
    read(position: number, length: number) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, zeros + tail.length - position)));
      const from = Math.max(0, position - zeros);
      const part = tail.subarray(from, Math.max(0, position + bytes.length - zeros));
      bytes.set(part, Math.max(0, zeros - position));
      return Promise.resolve(bytes);
    },
  };
}
