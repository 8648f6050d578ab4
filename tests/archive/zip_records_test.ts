import assert from "node:assert/strict";
import {
  encodeCentral,
  encodeEnd,
  encodeLocal,
  type ZipRecord,
  zipTime,
} from "../../lib/archive/zip_records.ts";
import { join } from "../helpers/raw_tar.ts";
import { numbers, rawCentral, rawEnd, rawEnd64, rawLocal } from "../helpers/raw_zip.ts";

const RECORD: ZipRecord = {
  name: new TextEncoder().encode("models/é.onnx"),
  mode: 0o755,
  method: 8,
  time: 0x5a21_1234,
  crc: 0xdead_beef,
  packed: 1234,
  size: 5678,
  offset: 91_011,
};
const RAW = { ...RECORD, external: 0o100755 * 65_536 };
const MAX = 0xffff_ffff;

Deno.test("headers are those that the test helper spells out", () => {
  assert.deepEqual(encodeLocal(RECORD), rawLocal(RAW));
  assert.deepEqual(encodeCentral(RECORD), rawCentral(RAW));
});

Deno.test("sizes and places of 4 GiB stand in ZIP64, smaller ones do not", () => {
  const below = { ...RECORD, packed: MAX - 1, size: MAX - 1, offset: MAX - 1 };
  assert.deepEqual(encodeLocal(below), rawLocal({ ...RAW, ...below }));
  const large = { ...RECORD, method: 0 as const, packed: 5e9, size: 5e9, offset: 6e9 };
  const raw = { ...RAW, method: 0, packed: MAX, size: MAX, offset: MAX, version: 45, madeBy: 0x032d };
  const sizes = numbers([8, 5e9], [8, 5e9]);
  assert.deepEqual(encodeLocal(large), rawLocal({ ...raw, extra: join(numbers([2, 1], [2, 16]), sizes) }));
  const extra = join(numbers([2, 1], [2, 24]), sizes, numbers([8, 6e9]));
  assert.deepEqual(encodeCentral(large), rawCentral({ ...raw, extra }));
  const far = { ...RECORD, offset: MAX };
  const place = {
    ...RAW,
    offset: MAX,
    version: 45,
    madeBy: 0x032d,
    extra: numbers([2, 1], [2, 8], [8, MAX]),
  };
  assert.deepEqual(encodeCentral(far), rawCentral(place));
  assert.deepEqual(encodeLocal(far), rawLocal(RAW));
});

Deno.test("the end has ZIP64 only where a number needs it", () => {
  assert.deepEqual(
    encodeEnd({ count: 3, size: 4, offset: 5 }),
    rawEnd({ here: 3, count: 3, size: 4, offset: 5 }),
  );
  const many = { count: 65_535, size: 4, offset: 5 };
  assert.deepEqual(encodeEnd(many), join(rawEnd64({ ...many, at: 9 }), rawEnd({ ...many, here: 65_535 })));
  const far = { count: 3, size: 4, offset: 5e9 };
  const end = join(rawEnd64({ ...far, at: 5e9 + 4 }), rawEnd({ ...far, here: 3, offset: MAX }));
  assert.deepEqual(encodeEnd(far), end);
});

Deno.test("times are those of MS-DOS in UTC", () => {
  const fields = (seconds: number) => {
    const time = zipTime(seconds);
    const [date, clock] = [Math.floor(time / 65_536), time % 65_536];
    return [1980 + (date >> 9), date >> 5 & 15, date & 31, clock >> 11, clock >> 5 & 63, 2 * (clock & 31)];
  };
  assert.deepEqual(fields(315_532_800), [1980, 1, 1, 0, 0, 0]);
  assert.deepEqual(fields(1_700_000_001), [2023, 11, 14, 22, 13, 20]);
  assert.deepEqual(fields(4_354_819_198), [2107, 12, 31, 23, 59, 58]);
});
