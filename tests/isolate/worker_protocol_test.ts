import assert from "node:assert/strict";
import {
  decodeJson,
  encodeJson,
  FRAME,
  FrameParser,
  frameStart,
  ProtocolError,
} from "../../lib/isolate/worker_protocol.ts";
import { fc } from "../helpers/fast_check.ts";

/** Bytes of a frame behind a secret. */
function frameBytes(
  secret: Uint8Array,
  id: number,
  parts: { head: Uint8Array; body: Uint8Array },
): Uint8Array {
  const start = frameStart(FRAME.result, id, parts);
  return new Uint8Array([...secret, ...start, ...parts.body]);
}

Deno.test("frames come out as they went in, whatever the pieces", () => {
  const bytes = fc.uint8Array({ maxLength: 40 });
  const frames = fc.array(fc.tuple(fc.nat(), bytes, bytes), { maxLength: 5 });
  fc.assert(
    fc.property(
      frames,
      fc.uint8Array({ maxLength: 16 }),
      fc.integer({ min: 1, max: 30 }),
      (sent, secret, size) => {
        const stream = sent.flatMap(([id, head, body]) => [...frameBytes(secret, id, { head, body })]);
        const parser = new FrameParser(secret);
        const got = [];
        for (let at = 0; at < stream.length; at += size) {
          got.push(...parser.push(new Uint8Array(stream.slice(at, at + size))));
        }
        assert.deepEqual(got.map(({ id, head, body }) => [id, head, body]), sent);
        assert.equal(parser.isPartial, false);
      },
    ),
  );
});

Deno.test("what does not begin with the secret is refused at its first wrong byte", () => {
  const secret = new Uint8Array([1, 2, 3]);
  const parser = new FrameParser(secret);
  assert.deepEqual([...parser.push(new Uint8Array([1, 2]))], []);
  assert.equal(parser.isPartial, true);
  assert.throws(() => [...parser.push(new Uint8Array([9, 9]))], (error) => {
    assert.ok(error instanceof ProtocolError);
    assert.deepEqual([...error.received], [1, 2, 9, 9]);
    return true;
  });
});

Deno.test("lengths beyond the limit are refused before memory is taken", () => {
  const header = new Uint8Array(16).fill(255);
  assert.throws(() => [...new FrameParser().push(header)], ProtocolError);
});

Deno.test("frames before what is none are given, in one piece with it or not", () => {
  const secret = new Uint8Array([1, 2, 3]);
  const body = new Uint8Array([7, 7]);
  const stream = [1, 2].flatMap((id) => [...frameBytes(secret, id, { head: body, body })]);
  const seen: number[] = [];
  assert.throws(() => {
    for (const { id } of new FrameParser(secret).push(new Uint8Array([...stream, 1, 9]))) seen.push(id);
  }, ProtocolError);
  assert.deepEqual(seen, [1, 2]);
});

Deno.test("JSON goes through bytes", () => {
  assert.deepEqual(decodeJson(encodeJson({ a: ["ü", null, 1] })), { a: ["ü", null, 1] });
});
