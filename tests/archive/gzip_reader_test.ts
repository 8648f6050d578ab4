import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { bytesSource } from "../../lib/archive/byte_source.ts";
import { inflateGzip } from "../../lib/archive/gzip_reader.ts";
import { Limits } from "../../lib/archive/limits.ts";
import { fc } from "../helpers/fast_check.ts";
import { changed, gzip, join } from "../helpers/raw_tar.ts";

/** All that inflateGzip makes of bytes. */
async function inflate(bytes: Uint8Array, limits = new Limits()): Promise<Uint8Array> {
  return join(...await Array.fromAsync(inflateGzip(bytesSource(bytes), limits)));
}

const text = new TextEncoder().encode("some content that is worth inflating ".repeat(20));
const good = gzip(text);
const empty = gzip(new Uint8Array());

Deno.test("inflateGzip returns what any level of another compressor took in", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 3000 }),
      fc.integer({ min: 0, max: 9 }),
      async (bytes, level) => {
        const packed = new Uint8Array(gzipSync(bytes, { level }));
        assert.deepEqual(await inflate(packed), bytes);
      },
    ),
  );
});

Deno.test("inflateGzip takes lengths around its chunk and the compressor's window", async () => {
  for (const length of [0, 1, 16_383, 16_384, 16_385, 32_768, 65_535, 65_536, 65_537, 200_000]) {
    const bytes = crypto.getRandomValues(new Uint8Array(Math.min(length, 65_536)));
    const content = join(bytes, new Uint8Array(length - bytes.length));
    assert.deepEqual(await inflate(gzip(content)), content);
  }
});

const withFlag = (flag: number, extra: string) =>
  join(
    changed(good.slice(0, 10), (copy) => copy[3] = flag),
    new TextEncoder().encode(extra),
    good.subarray(10),
  );
const trailer = (bytes: Uint8Array, change: (view: DataView) => void) =>
  changed(bytes, (copy) => change(new DataView(copy.buffer, copy.length - 8)));

/** Name, bytes, code of the refusal. */
const HOSTILE: [string, Uint8Array, string][] = [
  ["another method than deflate", changed(good, (copy) => copy[2] = 9), "package.corrupt"],
  ["a header alone", good.slice(0, 10), "package.corrupt"],
  ["a header and trailer alone", join(good.slice(0, 10), good.slice(-8)), "package.corrupt"],
  ["a file name in the header", withFlag(8, "name\0"), "package.corrupt"],
  ["a comment in the header", withFlag(16, "comment\0"), "package.corrupt"],
  ["an extra field in the header", withFlag(4, "\x02\0ab"), "package.corrupt"],
  ["a checksum of the header", withFlag(2, "ab"), "package.corrupt"],
  ["a reserved flag", withFlag(32, ""), "package.corrupt"],
  ["a wrong checksum", trailer(good, (view) => view.setUint32(0, 1)), "package.corrupt"],
  ["a size too small", trailer(good, (view) => view.setUint32(4, text.length - 1, true)), "package.corrupt"],
  ["a size of zero", trailer(good, (view) => view.setUint32(4, 0)), "package.corrupt"],
  ["a size too large", trailer(good, (view) => view.setUint32(4, text.length + 1, true)), "package.corrupt"],
  ["a size beyond deflate", trailer(good, (view) => view.setUint32(4, 1_000_000, true)), "package.corrupt"],
  [
    "the largest size there is",
    trailer(good, (view) => view.setUint32(4, 2 ** 32 - 1, true)),
    "package.corrupt",
  ],
  ["zeros behind it", join(good, new Uint8Array(512)), "package.corrupt"],
  ["a trailer repeated", join(good, good.slice(-8)), "package.corrupt"],
  ["a second member", join(good, gzip(Uint8Array.of(1))), "package.corrupt"],
  ["itself twice", join(good, good), "package.corrupt"],
  ["itself thrice", join(good, good, good), "package.corrupt"],
  ["an empty member behind it", join(good, empty), "package.corrupt"],
  ["an empty member before it", join(empty, good), "package.corrupt"],
  ["a member hidden before the trailer", join(good.slice(0, -8), good.slice(-8), good), "package.corrupt"],
  ["junk before the trailer", join(good.slice(0, -8), Uint8Array.of(9), good.slice(-8)), "package.corrupt"],
  ["a reserved block type", join(good.slice(0, 10), Uint8Array.of(7), good.slice(-8)), "package.corrupt"],
  [
    "no last block",
    join(good.slice(0, 10), Uint8Array.of(0, 0, 0, 255, 255), empty.slice(-8)),
    "package.corrupt",
  ],
  [
    "the end of the reader's own sentinel",
    join(good, Uint8Array.of(31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
    "package.corrupt",
  ],
];

for (const [name, bytes, code] of HOSTILE) {
  Deno.test(`inflateGzip refuses ${name}`, async () => {
    await assert.rejects(inflate(bytes), { name: "PackflowError", code });
  });
}

Deno.test("inflateGzip refuses 1 to 64 bytes behind the archive, whatever they are", async () => {
  for (let count = 1; count <= 64; count++) {
    for (const fill of [0, 31, 255]) {
      await assert.rejects(inflate(join(good, new Uint8Array(count).fill(fill))), { name: "PackflowError" });
    }
  }
});

Deno.test("inflateGzip refuses an archive cut anywhere, small or in several chunks", async () => {
  const noise = Uint8Array.from({ length: 40_000 }, (_, at) => Math.imul(at, 2_654_435_761) >>> 24);
  for (let cut = 0; cut < good.length; cut++) {
    await assert.rejects(inflate(good.subarray(0, cut)), { name: "PackflowError" });
  }
  const large = gzip(noise);
  for (let cut = 16_000; cut < large.length; cut += 97) {
    await assert.rejects(inflate(large.subarray(0, cut)), { name: "PackflowError" });
  }
});

Deno.test("a bomb is refused as soon as it is too large, whatever size it tells", async () => {
  const bomb = gzip(new Uint8Array(8 * 1024 * 1024));
  const tooLarge = { code: "package.too_large" };
  for (const told of [8 * 1024 * 1024, 0, 1024, 2 ** 32 - 1]) {
    const bytes = trailer(bomb, (view) => view.setUint32(4, told, true));
    await assert.rejects(inflate(bytes), tooLarge);
    await assert.rejects(inflate(bytes, new Limits({ ratio: 2000, totalSize: 8_000_000 })), tooLarge);
  }
  assert.equal((await inflate(bomb, new Limits({ ratio: 2000 }))).length, 8 * 1024 * 1024);
  let inflated = 0;
  await assert.rejects(async () => {
    const packed = gzip(new Uint8Array(64 * 1024 * 1024));
    for await (const chunk of inflateGzip(bytesSource(packed), new Limits())) inflated += chunk.length;
  }, tooLarge);
  assert.ok(inflated < 16 * 1024 * 1024, `${inflated}`);
});
