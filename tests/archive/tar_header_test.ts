import assert from "node:assert/strict";
import { decodeTarHeader, encodeTarHeader, type TarHeader } from "../../lib/archive/tar_header.ts";
import { fc } from "../helpers/fast_check.ts";
import { rawHeader } from "../helpers/raw_tar.ts";

Deno.test("a header reads back as it was written", () => {
  const part = fc.string({ unit: "grapheme-composite", minLength: 1, maxLength: 20 })
    .map((text) => text.replace(/[/\0]/g, "-"));
  const header = fc.record({
    path: fc.array(part, { minLength: 1, maxLength: 2 }).map((parts) => parts.join("/")),
    kind: fc.constant<TarHeader["kind"]>("file"),
    mode: fc.constantFrom<TarHeader["mode"]>(0o644, 0o755),
    size: fc.nat(8 ** 11 - 1),
    mtime: fc.nat(8 ** 11 - 1),
  });
  fc.assert(fc.property(header, (written) => {
    if (new TextEncoder().encode(written.path).length > 100) return;
    assert.deepEqual(decodeTarHeader(encodeTarHeader(written), 0), { ...written });
  }));
});

Deno.test("a folder's path loses the slash that the header holds", () => {
  const header: TarHeader = { path: "a/b", kind: "folder", mode: 0o755, size: 0, mtime: 1 };
  const block = encodeTarHeader(header);
  assert.equal(new TextDecoder().decode(block.subarray(0, 5)), "a/b/\0");
  assert.deepEqual(decodeTarHeader(block, 0), header);
});

Deno.test("a header is the plain ustar that the test helper spells out", () => {
  const long = `${"folder/".repeat(15)}${"n".repeat(60)}`;
  const written = encodeTarHeader({ path: long, kind: "file", mode: 0o755, size: 7, mtime: 315_532_800 });
  const cut = long.indexOf("/", long.length - 101);
  const [prefix, name] = [long.slice(0, cut), long.slice(cut + 1)];
  assert.deepEqual(written, rawHeader({ prefix, name, mode: "0000755\0", size: "00000000007\0" }));
});

Deno.test("every flipped bit of a header is refused", () => {
  const block = encodeTarHeader({ path: "a", kind: "file", mode: 0o644, size: 5, mtime: 0 });
  for (let bit = 0; bit < block.length * 8; bit++) {
    const flipped = block.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.throws(() => decodeTarHeader(flipped, 0), { name: "PackflowError" }, `bit ${bit}`);
  }
});

Deno.test("a message says where the header is", () => {
  assert.throws(() => decodeTarHeader(new Uint8Array(512).fill(1), 1024), /header at byte 1024 its checksum/);
});
