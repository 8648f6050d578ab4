import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { directModelOf } from "../../lib/backend/direct_model.ts";
import { OnnxBackend } from "../../lib/backend/onnx_backend.ts";
import type { JsonObject } from "../../lib/base/json.ts";
import type { Block, BlockOptions, BlockResult } from "../../lib/records/block.ts";
import { allowsDirect, DirectProcessor } from "../../lib/records/direct_block.ts";
import { lineRanges } from "../../lib/records/line_ranges.ts";
import { processBlock } from "../../lib/records/process_block.ts";
import { type Arbitrary, fc } from "../helpers/fast_check.ts";
import { withModelBackend } from "../helpers/model_backend.ts";
import { MODEL_NAMES, modelFixture } from "../helpers/model_fixture.ts";
import { elementType, onnxModel } from "../helpers/onnx_model.ts";
import { bytesOf, concat, textOf } from "../helpers/streams.ts";

const OPTIONS: BlockOptions = {
  batchSize: 3,
  onError: "fail",
  outputFormat: "ndjson",
  maxEventBytes: 10_000,
};

/** A model that shows its row: as it is, and whether each element is zero. */
const model = (width: number | null) =>
  onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N", width] }],
    outputs: [{ name: "y", type: "float32", shape: ["N", width] }, {
      name: "b",
      type: "bool",
      shape: ["N", width],
    }],
    nodes: [
      { op: "Identity", inputs: ["x"], outputs: ["y"] },
      { op: "Cast", inputs: ["x"], outputs: ["b"], attributes: { to: elementType("bool") } },
    ],
  });

/** Both ways to work on blocks, and how many batches of the direct one took the ordinary way after all. */
function ways(backend: OnnxBackend, options: BlockOptions) {
  const counts = { ordinary: 0 };
  const infer = (events: JsonObject[]) => backend.infer(events);
  const ordinary = (block: Block) => processBlock(block, options, { infer });
  const found = directModelOf(backend);
  if (found === undefined) throw new Error("the backend offers no direct model");
  const direct = new DirectProcessor({
    model: found,
    options,
    ordinary: (block) => {
      counts.ordinary++;
      return ordinary(block);
    },
  });
  return { ordinary, direct: (block: Block) => direct.process(block), counts };
}

function plain({ output, ...rest }: BlockResult) {
  return { ...rest, output: textOf(output) };
}

// ---- what events may look like

const number: Arbitrary<string> = fc.oneof(
  fc.integer({ min: -100, max: 100 }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom(
    "0",
    "-0",
    "1.50",
    "1e5",
    "1E+2",
    "2e-3",
    "12345678901234567890",
    "0.1234567890123456789",
    "1e999",
  ),
);
const odd = fc.constantFrom(
  ...[
    "01",
    "+1",
    "1.",
    ".5",
    "NaN",
    "Infinity",
    "-",
    "1e",
    "tru",
    "null",
    "true",
    "false",
    '"5"',
    "[1]",
    "[1,2]",
  ],
  ...["[]", "{}", "[[1]]", '{"x":1}', '"', "", "1 2", "1,", "'a'"],
);
const feature: Arbitrary<string> = fc.oneof({ weight: 12, arbitrary: number }, { weight: 1, arbitrary: odd });
const extra: Arbitrary<string> = fc.oneof(
  number,
  fc.string({ unit: "binary", maxLength: 6 }).map((text) => JSON.stringify(text)),
  fc.constantFrom(
    "null",
    "true",
    "false",
    "[]",
    '{"a":1}',
    '[1,"]}",null]',
    '"\\u00e9\\n"',
    '"\\x"',
    '"\t"',
    '"a\\"b"',
  ),
);

/** Keys and their values but for the values themselves, as text. */
interface Shape {
  readonly keys: readonly string[];
  readonly colon: string;
  readonly comma: string;
  readonly around: readonly [string, string];
}

const shape: Arbitrary<Shape> = fc.record({
  keys: fc.tuple(
    fc.shuffledSubarray(['"a"', '"b"', '"c"'], { minLength: 3 }),
    fc.array(
      fc.constantFrom('"d"', '"e"', '"\\u0061"', '"a.x"', '"größe"', '"__proto__"', '"b"', '"toString"'),
      { maxLength: 3 },
    ),
    fc.boolean(),
    fc.integer({ min: 0, max: 30 }),
  ).map(([features, extras, first, lost]) => {
    const kept = features.filter((_, index) => index !== lost);
    return first ? [...extras, ...kept] : [...kept, ...extras];
  }),
  colon: fc.constantFrom(":", ": ", " :\t"),
  comma: fc.constantFrom(",", ", ", " , "),
  around: fc.constantFrom<readonly [string, string]>(["{", "}"], ["{ ", " }"], [" {", "} "]),
});

function lineOf({ keys, colon, comma, around }: Shape, values: readonly [string, string][]): string {
  const fields = keys.map((key, index) => {
    const [ofFeature, ofExtra] = values[index] ?? ["1", "1"];
    return key + colon + (/^"[abc]"$/.test(key) ? ofFeature : ofExtra);
  });
  return around[0] + fields.join(comma) + around[1];
}

/** A change of one byte, which may end the line, break the JSON or the UTF-8, or change nothing that counts. */
const damage = fc.option(
  fc.record({
    at: fc.nat(200),
    byte: fc.constantFrom(0, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x30, 0x39, 0x5c, 0x7d, 0x80, 0xff),
  }),
  { freq: 8 },
);

const lines: Arbitrary<Uint8Array> = fc.array(shape, { minLength: 1, maxLength: 2 }).chain((shapes) =>
  fc.array(
    fc.tuple(
      fc.nat(shapes.length - 1),
      fc.array(fc.tuple(feature, extra), { minLength: 6, maxLength: 6 }),
      damage,
      fc.constantFrom("\n", "\n", "\n", "\r\n", "\r\r\n", "\n\n", "\n \t\r\n"),
    ).map(([index, values, harm, end]) => {
      const line = bytesOf(lineOf(shapes[index] ?? shapes[0] as Shape, values));
      if (harm !== null && harm.at < line.length) line[harm.at] = harm.byte;
      return concat(line, bytesOf(end));
    }),
    { minLength: 1, maxLength: 12 },
  ).map((all) => concat(...all))
);

const options: Arbitrary<BlockOptions> = fc.record({
  batchSize: fc.integer({ min: 1, max: 6 }),
  onError: fc.constantFrom("fail", "skip", "emit"),
  outputFormat: fc.constantFrom("ndjson", "json"),
  maxEventBytes: fc.constantFrom(10_000, 10_000, 40),
});

const CASES: readonly { says: string; width: number | null; config: JsonObject }[] = [
  { says: "a model of three columns", width: 3, config: { featureNames: ["a", "b", "c"] } },
  { says: "missing fields as NaN", width: 3, config: { featureNames: ["a", "b", "c"], onMissing: "null" } },
  { says: "a width left open", width: null, config: { featureNames: ["c", "a", "b"] } },
  {
    says: "inner and renamed fields",
    width: 2,
    config: { featureNames: ["a.x", "r"], renameFields: { b: "r" } },
  },
  {
    says: "keys spelt like paths",
    width: 2,
    config: { featureNames: ["a.x", "b"], ignoreDelimiterCollisions: true, onMissing: "null" },
  },
  {
    says: "outputs that do not show a NaN",
    width: 3,
    config: { featureNames: ["a", "b", "c"], outputs: ["b"] },
  },
  {
    says: "null in a key spelt like a path",
    width: 1,
    config: { featureNames: ["a.x"], ignoreDelimiterCollisions: true, onMissing: "null", outputs: ["b"] },
  },
  { says: "an array field", width: 2, config: { featureNames: ["a"] } },
  { says: "names of the prototype", width: 2, config: { featureNames: ["toString", "__proto__"] } },
];

for (const { says, width, config } of CASES) {
  Deno.test(`the direct way answers any input as the ordinary way does: ${says}`, async () => {
    await withModelBackend(model(width), config, async (backend) => {
      const property = fc.asyncProperty(
        options,
        fc.array(lines, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        async (
          options,
          blocks,
          cut,
        ) => {
          const { direct, ordinary } = ways(backend, options);
          for (const bytes of blocks) {
            const block = cut ? { bytes, ranges: Uint32Array.from(lineRanges(bytes).ranges) } : { bytes };
            deepStrictEqual(plain(await direct(block)), plain(await ordinary(block)));
          }
        },
      );
      await fc.assert(property, { numRuns: 400 });
    });
  });
}

Deno.test("records of one shape go the direct way, whatever their values", async () => {
  await withModelBackend(model(2), { featureNames: ["a", "b"] }, async (backend) => {
    const { direct, counts } = ways(backend, OPTIONS);
    const input =
      '{"a": 1, "t": "x", "b": 2.5}\n{"a": -1e3, "t": "é\\n\\"", "b": true}\r\n{"a": 0, "t": null, "b": 7}';
    const { output, lines, records } = await direct({ bytes: bytesOf(input) });
    strictEqual(
      textOf(output),
      '{"y":[1,2.5],"b":[true,true]}\n{"y":[-1000,1],"b":[true,true]}\n{"y":[0,7],"b":[false,true]}\n',
    );
    deepStrictEqual([lines, records, counts.ordinary], [2, 3, 0]);
  });
});

Deno.test("a missing field may be NaN, an item of an array may not", async () => {
  const config = { featureNames: ["a"], onMissing: "null", outputs: ["b"] };
  await withModelBackend(model(2), config, async (backend) => {
    const { direct } = ways(backend, { ...OPTIONS, onError: "skip" });
    const { output, failures } = await direct({
      bytes: bytesOf('{"a":[1,2]}\n{"a":[0,3]}\n{"a":[1,null]}\n'),
    });
    strictEqual(textOf(output), '{"b":[true,true]}\n{"b":[false,true]}\n');
    deepStrictEqual(failures.map(({ index, code, field }) => [index, code, field]), [[
      2,
      "event.wrong_type",
      "a[1]",
    ]]);
  });
});

Deno.test("results that JSON cannot carry are the ordinary way's failures, and the others stay", async () => {
  await withModelBackend(model(1), { featureNames: ["a"], onMissing: "null" }, async (backend) => {
    const { direct, counts } = ways(backend, { ...OPTIONS, onError: "skip" });
    const result = await direct({ bytes: bytesOf('{"a":1}\n\n{"a":null}\n{"a":3}\n{"a":4}\n') });
    strictEqual(textOf(result.output), '{"y":[1],"b":[true]}\n{"y":[3],"b":[true]}\n{"y":[4],"b":[true]}\n');
    deepStrictEqual(
      result.failures.map(({ index, code, line, start, end }) => [index, code, line, start, end]),
      [
        [1, "backend.not_json", 2, 9, 19],
      ],
    );
    strictEqual(counts.ordinary, 1);
  });
});

for (const name of MODEL_NAMES.filter((name) => name !== "solar_flare")) {
  Deno.test(`the direct way answers ${name} byte for byte as the ordinary way does`, async () => {
    const { folder, config, events } = await modelFixture(name);
    await using backend = await OnnxBackend.create({ folder, config });
    const bytes = bytesOf(events.slice(0, 500).map((event) => JSON.stringify(event)).join("\n"));
    for (const batchSize of [1, 33, 256]) {
      const { direct, ordinary, counts } = ways(backend, { ...OPTIONS, batchSize });
      deepStrictEqual(plain(await direct({ bytes })), plain(await ordinary({ bytes })));
      strictEqual(counts.ordinary, 0);
    }
  });
}

Deno.test("CSV, kept fields and chosen keys take the ordinary way", () => {
  strictEqual(allowsDirect(OPTIONS), true);
  strictEqual(allowsDirect({ ...OPTIONS, outputFormat: "json", keep: [] }), true);
  strictEqual(allowsDirect({ ...OPTIONS, csv: { columns: ["a"], delimiter: "," } }), false);
  strictEqual(allowsDirect({ ...OPTIONS, outputKeys: ["y"] }), false);
});
