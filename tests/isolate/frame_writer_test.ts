import assert from "node:assert/strict";
import { runModule } from "../helpers/run_module.ts";

Deno.test("project code that replaces what it can never sees the secret, and frames stay whole", async () => {
  const printed = await runModule(`
    import { FrameWriter } from "lib/isolate/frame_writer.ts";
    import { FRAME, FrameParser } from "lib/isolate/worker_protocol.ts";
    const secret = new Uint8Array(16).map((_, index) => 200 + index);
    const written = [];
    // As the system does it: at most 7 bytes of a body at once.
    const writeSync = (bytes) => {
      const size = bytes.length === 32 ? 32 : Math.min(7, bytes.length);
      for (let i = 0; i < size; i++) written[written.length] = bytes[i];
      return size;
    };
    const writer = new FrameWriter({ writeSync, exit() { throw new Error("exit"); } }, secret);
    let seen = 0;
    const look = (value) => { if (value?.length > 0 && (value[0] === 200 || value[1] === 201)) seen++; };
    const kept = [];
    for (const object of [Uint8Array.prototype, Object.getPrototypeOf(Uint8Array.prototype), DataView.prototype,
      Array.prototype, Object.prototype, TextEncoder.prototype]) {
      for (const name of Object.getOwnPropertyNames(object)) {
        const known = Object.getOwnPropertyDescriptor(object, name);
        if (typeof known.value !== "function" || name === "constructor" || !known.writable) continue;
        kept[kept.length] = { object, name, known };
        object[name] = function (...args) { look(this); for (const arg of args) look(arg); return known.value.apply(this, args); };
      }
    }
    writer.send(FRAME.result, 5, { head: new Uint8Array(9).fill(1), body: new Uint8Array(20).fill(2) });
    for (const { object, name, known } of kept) Object.defineProperty(object, name, known);
    const [frame] = new FrameParser(secret).push(new Uint8Array(written));
    console.log(JSON.stringify([seen, frame.id, frame.head.length, frame.body.length]));
  `);
  assert.equal(printed, "[0,5,9,20]\n");
});
