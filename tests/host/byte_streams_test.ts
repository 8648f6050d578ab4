import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import {
  openFileReader,
  openFileWriter,
  stdinReader,
  stdoutWriter,
  streamFault,
} from "../../lib/host/byte_streams.ts";

Deno.test("what a writer wrote a reader reads", async () => {
  const file = await Deno.makeTempFile();
  try {
    const writer = await openFileWriter(file);
    await writer.write(new Uint8Array(200_000).fill(7));
    writer.close();
    const reader = await openFileReader(file);
    deepStrictEqual([reader.isFile, reader.size], [true, 200_000]);
    const buffer = new Uint8Array(200_001);
    let total = 0;
    for (let size; (size = await reader.read(buffer)) !== null;) total += size;
    strictEqual(total, 200_000);
    reader.close();
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("a folder cannot be opened for reading", async () => {
  await rejects(openFileReader("/"), (error) => streamFault(error) === "directory");
});

Deno.test("faults are told apart", async () => {
  strictEqual(streamFault(new Deno.errors.NotFound()), "not_found");
  strictEqual(streamFault(new Deno.errors.NotADirectory()), "not_found");
  strictEqual(streamFault(new Deno.errors.PermissionDenied()), "denied");
  strictEqual(streamFault(new Deno.errors.BrokenPipe()), "closed");
  strictEqual(streamFault(new Error("x")), "other");
  strictEqual(streamFault("text"), "other");
  const writer = await openFileWriter("/dev/full");
  await rejects(writer.write(Uint8Array.of(1)), (error) => streamFault(error) === "full");
  writer.close();
});

Deno.test("standard input knows whether it is a file", () => {
  const reader = stdinReader();
  strictEqual(reader.size === undefined, !reader.isFile);
  reader.close();
});

Deno.test("a pipe that takes little at a time, or nothing just now, gets all bytes in order", async () => {
  const taken: number[] = [];
  let isReady = false;
  const own = Deno.stdout.write;
  Deno.stdout.write = (bytes) => {
    isReady = !isReady;
    if (!isReady) return Promise.reject(new Deno.errors.WouldBlock("os error 11"));
    taken.push(...bytes.subarray(0, 3));
    return Promise.resolve(Math.min(3, bytes.length));
  };
  const writer = stdoutWriter();
  try {
    await writer.write(Uint8Array.of(1, 2, 3, 4, 5, 6, 7));
    await writer.write(new Uint8Array());
  } finally {
    Deno.stdout.write = own;
    writer.close();
  }
  deepStrictEqual(taken, [1, 2, 3, 4, 5, 6, 7]);
});

Deno.test("standard input that has nothing just now is asked again; its faults get through", async () => {
  const answers = [new Deno.errors.WouldBlock("os error 11"), 5, null, new Error("broken")];
  const own = Deno.stdin.read;
  Deno.stdin.read = () => {
    const answer = answers.shift() ?? null;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  try {
    const { read } = stdinReader();
    deepStrictEqual([await read(new Uint8Array(9)), await read(new Uint8Array(9))], [5, null]);
    await rejects(read(new Uint8Array(9)), { message: "broken" });
  } finally {
    Deno.stdin.read = own;
  }
});

Deno.test("a folder and a path below nothing or below a file are refused when opened", async () => {
  await rejects(openFileWriter("/"), (error) => streamFault(error) === "directory");
  await rejects(openFileWriter("/no/such/file"), (error) => streamFault(error) === "not_found");
  await rejects(openFileReader("/dev/null/file"), (error) => streamFault(error) === "not_found");
});

Deno.test("without permission a file counts as denied", { permissions: { read: false } }, async () => {
  await rejects(openFileReader("/etc/hostname"), (error) => streamFault(error) === "denied");
});
