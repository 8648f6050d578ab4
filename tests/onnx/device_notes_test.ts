import assert from "node:assert/strict";
import { type DeviceNote, noteDevice, onDeviceNote, readDeviceNote } from "../../lib/onnx/device_notes.ts";

Deno.test("whoever listens gets every note, and only the last listener does", () => {
  const [first, second]: [DeviceNote[], DeviceNote[]] = [[], []];
  onDeviceNote((note) => first.push(note));
  noteDevice({ level: "info", message: "a" });
  onDeviceNote((note) => second.push(note));
  noteDevice({ level: "warn", message: "b" });
  onDeviceNote(undefined);
  // to the log, which leaves out what is for debugging
  noteDevice({ level: "info", message: "c" });
  assert.deepEqual(first, [{ level: "info", message: "a" }]);
  assert.deepEqual(second, [{ level: "warn", message: "b" }]);
});

Deno.test("a note is read from JSON, anything else is none", () => {
  assert.deepEqual(readDeviceNote({ level: "warn", message: "a" }), { level: "warn", message: "a" });
  assert.deepEqual(readDeviceNote({ message: "a" }), { level: "info", message: "a" });
  for (const value of [null, "warn", ["warn"], 1, {}, { level: "warn", message: 1 }]) {
    assert.equal(readDeviceNote(value), undefined);
  }
});
