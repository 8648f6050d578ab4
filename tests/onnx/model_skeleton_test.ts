import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { readModelGraph } from "../../lib/onnx/model_graph.ts";
import { readModelSkeleton } from "../../lib/onnx/model_skeleton.ts";
import { fc } from "../helpers/fast_check.ts";
import { MODEL_NAMES, modelFixture } from "../helpers/model_fixture.ts";
import { onnxModel, zipMapModel } from "../helpers/onnx_model.ts";
import { rejects } from "../helpers/rejects.ts";

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function weighted(bytes: number): Uint8Array {
  return onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N", 2] }],
    outputs: [{ name: "y", type: "float32", shape: ["N", 2] }],
    nodes: [{
      op: "Add",
      inputs: ["x", "w"],
      outputs: ["y"],
      attributes: { axis: -1, scale: { float: 0.5 }, floats: { floats: [1, 2] }, words: ["a", "b"] },
    }],
    initializers: [
      { name: "w", type: "uint8", shape: [1, bytes], data: new Uint8Array(bytes) },
      { name: "apart", type: "int64", shape: [2], external: "weights.bin" },
      { name: "words", type: "string", shape: [1], data: ["a word"] },
    ],
    metadata: { author: "someone" },
  });
}

Deno.test("leaves weights out and everything else as it is, however the bytes come", async () => {
  const fixtures = await Promise.all(
    MODEL_NAMES.map(async (name) => await Deno.readFile(`${(await modelFixture(name)).folder}/model.onnx`)),
  );
  for (const model of [weighted(1000), zipMapModel(), ...fixtures]) {
    for (const size of [3, 4096, model.length]) {
      const skeleton = await readModelSkeleton(inPieces(model, size));
      assert.deepEqual(readModelGraph(skeleton), readModelGraph(model));
      assert.deepEqual(await readModelSkeleton(inPieces(skeleton, 100)), skeleton);
    }
  }
  assert.ok((await readModelSkeleton(inPieces(weighted(1_000_000), 65_536))).length < 1000);
});

Deno.test("opens the bytes anew behind a large weight, where it may", async () => {
  const model = weighted(20_000_000);
  const opened: number[] = [];
  let read = 0;
  const reopen = async function* (position: number) {
    opened.push(position);
    for await (const piece of inPieces(model.subarray(position), 65_536)) {
      read += piece.length;
      yield piece;
    }
  };
  const skeleton = await readModelSkeleton(inPieces(model, 65_536), reopen);
  assert.deepEqual(readModelGraph(skeleton), readModelGraph(model));
  assert.equal(opened.length, 1);
  assert.ok(read < 1000, `${read} bytes were read behind the weight`);
  const short = (position: number) => inPieces(model.subarray(position, 10_000_000), 65_536);
  await rejects(() => readModelSkeleton(inPieces(model, 65_536), short), "model.invalid", /cut short/);
});

Deno.test("empties values that are too long for a description", async () => {
  const model = onnxModel({
    inputs: [],
    outputs: [],
    nodes: [{ op: "Label", inputs: [], outputs: [], attributes: { text: "x".repeat(2_000_000), kept: "y" } }],
  });
  const [node] = readModelGraph(await readModelSkeleton(inPieces(model, 65_536))).nodes;
  assert.deepEqual([node?.attributes.get("text")?.text, node?.attributes.get("kept")?.text], ["", "y"]);
});

Deno.test("takes the beginning of long lists, and all that follows them", async () => {
  const numbers = Array.from({ length: 9000 }, (_, index) => index % 5 === 0 ? -index - 1 : index * 1000);
  const model = onnxModel({
    inputs: [],
    outputs: [],
    nodes: [{
      op: "Trees",
      inputs: [],
      outputs: [],
      attributes: {
        ints: numbers,
        texts: numbers.map((number) => "x".repeat(Math.abs(number) % 200)),
        floats: { floats: numbers },
        kept: "y",
      },
    }, { op: "After", inputs: [], outputs: [], attributes: { ints: [1, 2] } }],
  });
  for (const size of [7, 65_536, model.length]) {
    const { nodes } = readModelGraph(await readModelSkeleton(inPieces(model, size)));
    assert.deepEqual(nodes.map(({ opType }) => opType), ["Trees", "After"]);
    const [trees, after] = nodes.map(({ attributes }) => attributes);
    assert.deepEqual(trees?.get("ints")?.ints, numbers.slice(0, 4096));
    assert.equal(trees?.get("texts")?.texts.length, 4096);
    assert.equal(trees?.get("floats")?.floats.length, 4096);
    assert.equal(trees?.get("kept")?.text, "y");
    assert.deepEqual(after?.get("ints")?.ints, [1, 2]);
  }
});

Deno.test("refuses a description without end", async () => {
  const endless = async function* () {
    // metadata entries, each just short enough to be taken
    for (;;) {
      yield Uint8Array.of(0x72, 0x80, 0x80, 0x20);
      yield new Uint8Array(0x80000);
    }
  };
  await rejects(() => readModelSkeleton(endless()), "model.invalid", /at most 67108864 bytes/);
});

Deno.test("refuses what is cut, and never fails in another way on altered bytes", async () => {
  const model = weighted(300);
  let refused = 0;
  for (let end = 1; end < model.length; end++) {
    await readModelSkeleton(inPieces(model.subarray(0, end), 64)).catch((error) => {
      assert.ok(error instanceof PackflowError && error.code === "model.invalid", String(error));
      refused++;
    });
  }
  // between two fields of the outermost message a file may end
  assert.ok(refused > model.length - 10, `${refused} of ${model.length}`);
  await fc.assert(
    fc.asyncProperty(fc.nat(model.length - 1), fc.nat(255), fc.nat(50), async (at, byte, length) => {
      const altered = model.slice();
      altered.fill(byte, at, at + length);
      await readModelSkeleton(inPieces(altered, 64)).catch((error) => {
        assert.ok(error instanceof PackflowError && error.code === "model.invalid", String(error));
      });
    }),
    { numRuns: 500 },
  );
});
