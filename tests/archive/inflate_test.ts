import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import { inflateExactly } from "../../lib/archive/inflate.ts";
import { fc } from "../helpers/fast_check.ts";
import { join } from "../helpers/raw_tar.ts";

async function inflate(parts: Uint8Array[], size = join(...parts).length): Promise<Uint8Array> {
  return join(...await Array.fromAsync(inflateExactly(ReadableStream.from(parts), size)));
}

const deflated = (bytes: Uint8Array) => new Uint8Array(deflateRawSync(bytes));
const corrupt = { name: "PackflowError", code: "package.corrupt" };

Deno.test("a deflate stream is inflated, however it is cut", async () => {
  const law = fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), fc.nat(2000), async (bytes, cut) => {
    const packed = deflated(bytes);
    assert.deepEqual(await inflate([packed.subarray(0, cut), packed.subarray(cut)]), bytes);
  });
  await fc.assert(law);
});

Deno.test("bytes behind the stream are refused, in its piece or in pieces of their own", async () => {
  const packed = deflated(new Uint8Array(100_000));
  for (const count of [1, 8, 65_536, 1_000_000]) {
    const extra = new Uint8Array(count);
    await assert.rejects(inflate([join(packed, extra)]), corrupt, `${count}`);
    await assert.rejects(inflate([packed, extra]), corrupt, `${count}`);
    await assert.rejects(inflate([packed, extra, extra, extra]), corrupt, `${count}`);
    await assert.rejects(inflate([packed, packed, extra]), corrupt, `${count}`);
  }
});

Deno.test("a stream cut short or of no sense is refused", async () => {
  const packed = deflated(Uint8Array.from({ length: 3000 }, (_, at) => at * at));
  for (let cut = 0; cut < packed.length; cut += 13) {
    await assert.rejects(inflate([packed.subarray(0, cut)]), corrupt);
  }
  await assert.rejects(inflate([]), corrupt);
  await assert.rejects(inflate([Uint8Array.of(7)]), corrupt);
  // A distance that leads before the start.
  await assert.rejects(inflate([Uint8Array.of(0x63, 0x04, 0x22, 0x00)]), corrupt);
});

Deno.test("what reading the data throws comes through", async () => {
  const error = new Error("unplugged");
  const failing = async function* () {
    yield deflated(new Uint8Array(50_000)).subarray(0, 20);
    throw error;
  };
  await assert.rejects(Array.fromAsync(inflateExactly(failing(), 100)), error);
});

Deno.test("no more is read of a stream than is taken of it, but for a little", async () => {
  let read = 0;
  const endless = async function* () {
    const packed = deflated(crypto.getRandomValues(new Uint8Array(60_000)));
    for (; read < 1000; read++) yield packed.subarray(0, -5);
  };
  for await (const _ of inflateExactly(endless(), 1)) break;
  assert.ok(read < 20, `${read}`);
});
