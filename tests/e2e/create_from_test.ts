/** `packflow create --from` on a model that names its features and keeps its weights in another file. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { onnxModel } from "../helpers/onnx_model.ts";
import { packflowTests } from "../helpers/packflow.ts";

const test = await packflowTests();

function model(op: string): Uint8Array {
  return onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N", 2] }],
    outputs: [{ name: "score", type: "float32", shape: ["N", 1] }],
    nodes: [{ op, inputs: ["x", "w"], outputs: ["score"] }],
    initializers: [{ name: "w", type: "float32", shape: [2, 1], external: "weights/w.bin" }],
    metadata: { feature_names: '["net.in", "net.out"]' },
  });
}

async function writeModel(cwd: string, op: string): Promise<string> {
  const path = join(cwd, "m.onnx");
  await Deno.writeFile(path, model(op));
  await Deno.mkdir(join(cwd, "weights"));
  await Deno.writeFile(join(cwd, "weights", "w.bin"), new Uint8Array(new Float32Array([1, 10]).buffer));
  return path;
}

test("a model's names and weights come along, from create to a package that runs", async (packflow, cwd) => {
  const path = await writeModel(cwd, "MatMul");
  const { stdout } = await packflow.run(["inspect", path], { cwd });
  assert.match(stdout, /^features {3}net\.in, net\.out$/m);
  assert.match(stdout, /^weights in weights\/w\.bin$/m);
  const created = await packflow.json(["create", "mine", "--from", path], { cwd });
  assert.deepEqual(created.notes, [`The fields have the names in the model's "feature_names"`]);
  await packflow.run(["validate", "mine"], { cwd });
  assert.equal((await packflow.json(["test", "mine"], { cwd })).passed, 4);
  await packflow.run(["package", "mine"], { cwd });
  await Deno.remove(path);
  await Deno.remove(join(cwd, "mine"), { recursive: true });
  const stdin = '{"net.in":1,"net.out":2}\n';
  const ran = await packflow.run(["run", "mine-0.1.0.tar.gz"], { cwd, stdin });
  assert.equal(ran.stdout, '{"score":[21]}\n');
});

test(
  "a model that fails on made-up events says so once, without the runtime's own log",
  async (packflow, cwd) => {
    // The made-up shape does not fit the number of elements.
    const reshape = onnxModel({
      inputs: [{ name: "x", type: "int64", shape: ["N", 1] }, { name: "shape", type: "int64", shape: [2] }],
      outputs: [{ name: "y", type: "int64", shape: [null, null] }],
      nodes: [{ op: "Reshape", inputs: ["x", "shape"], outputs: ["y"] }],
    });
    await Deno.writeFile(join(cwd, "m.onnx"), reshape);
    const { stderr } = await packflow.run(["create", "mine", "--from", join(cwd, "m.onnx")], { cwd });
    assert.match(stderr, /^Created .*\nThe model does not answer the made-up events \(.*model\.run_failed/);
    assert.doesNotMatch(stderr, /onnxruntime|\.cc/);
  },
);

test("a model that cannot be served is named, and nothing is left of it", async (packflow, cwd) => {
  const path = await writeModel(cwd, "NoSuchOperator");
  const { stderr } = await packflow.run(["create", "mine", "--from", path], { cwd, code: 4 });
  assert.match(stderr, /^error Cannot open model ".*m\.onnx" as .*NoSuchOperator.*\[model\.invalid\]/);
  assert.doesNotMatch(stderr, /\.cc|onnxruntime\/|_work|home\//);
  await Deno.remove(join(cwd, "weights"), { recursive: true });
  const inspected = await packflow.run(["inspect", path], { cwd });
  assert.match(inspected.stderr, /^warning Cannot find weights "weights\/w\.bin" of model ".*m\.onnx"/);
  const again = await packflow.run(["create", "mine", "--from", path], { cwd, code: 4 });
  assert.match(again.stderr, /weights "weights\/w\.bin" of model .*\[model\.not_found\]/);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(cwd), ({ name }) => name), ["m.onnx"]);
});
