import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import type { AnyBackend } from "../../lib/backend/inference_backend.ts";
import { TENSOR_MODEL, type TensorModel } from "../../lib/backend/tensor_model.ts";
import { OnnxBackend } from "../../lib/backend/onnx_backend.ts";
import { describeBackend } from "../../lib/oip/describe.ts";
import { InferProcessor } from "../../lib/oip/infer_processor.ts";
import { joinBytes } from "../../lib/base/bytes.ts";
import { BlockProcessor } from "../../lib/records/process_block.ts";
import { InferenceBackend, type Records } from "../../mod.ts";
import { blockOptions } from "../helpers/local_worker.ts";
import { modelFixture } from "../helpers/model_fixture.ts";

const NAME = { name: "m", version: "1.0.0" };
const encoder = new TextEncoder();

class Echo extends InferenceBackend {
  override execute(events: Records) {
    if (events.some(({ fail }) => fail === true)) throw new Error("as it was told");
    return events;
  }
}

/** A backend with a model in its stead. */
async function withModel(model: Partial<TensorModel>): Promise<AnyBackend> {
  const tensors: TensorModel = {
    device: "test",
    inputs: [{ name: "x", type: "float32", shape: [null, 2], fields: ["a", "b"] }],
    outputs: [{ name: "y", type: "float32", shape: [null, 2] }],
    batchSize: null,
    run: ({ x }) => Promise.resolve(x === undefined ? {} : { y: x }),
    ...model,
  };
  return Object.assign(await Echo.create(), { [TENSOR_MODEL]: () => tensors });
}

function processorOf(backend: AnyBackend): InferProcessor {
  return new InferProcessor(backend, new BlockProcessor(backend, blockOptions({ onError: "emit" })));
}

/** The answers to requests that are one batch: bodies parsed, or codes of errors. */
async function answersTo(processor: InferProcessor, ...requests: unknown[]): Promise<unknown[]> {
  const bodies = requests.map((request) => encoder.encode(JSON.stringify(request)));
  const answers = await processor.process(
    joinBytes(bodies),
    bodies.map(({ length }) => ({ body: length })),
    NAME,
  );
  return answers.map((answer) => {
    if ("bytes" in answer) return JSON.parse(new TextDecoder().decode(answer.bytes));
    return answer.error instanceof PackflowError ? answer.error.code : answer.error;
  });
}

const x = (shape: number[], data: unknown, more: object = {}) => ({
  inputs: [{ name: "x", datatype: "FP32", shape, data, ...more }],
});

/** The data of the only output of an answer. */
function dataOf(answer: unknown): unknown {
  const { outputs } = JSON.parse(JSON.stringify(answer));
  return outputs[0].data;
}

Deno.test("requests are run as one, and answered one by one", async () => {
  const runs: unknown[] = [];
  const backend = await withModel({
    run: ({ x }) => {
      runs.push(x?.dims);
      return Promise.resolve(x === undefined ? {} : { y: x });
    },
  });
  const answers = await answersTo(
    processorOf(backend),
    x([1, 2], [1, 2]),
    { id: "b", ...x([2, 2], [[3, 4], [5, 6]]) },
  );
  deepStrictEqual(runs, [[3, 2]]);
  deepStrictEqual(answers, [
    {
      model_name: "m",
      model_version: "1.0.0",
      outputs: [{ name: "y", datatype: "FP32", shape: [1, 2], data: [1, 2] }],
    },
    {
      model_name: "m",
      model_version: "1.0.0",
      id: "b",
      outputs: [{ name: "y", datatype: "FP32", shape: [2, 2], data: [3, 4, 5, 6] }],
    },
  ]);
});

Deno.test("a request with a fault fails alone, and says what is wrong", async () => {
  const processor = processorOf(await withModel({}));
  const bad: [request: unknown, reason: RegExp][] = [
    [[], /it must be an object/],
    [{}, /"inputs" must be an array/],
    [{ inputs: [] }, /"inputs" must be an array/],
    [{ inputs: [{}] }, /must have a "name"/],
    [{ id: 1, ...x([1, 2], [1, 2]) }, /"id" must be a string/],
    [x([1, 2], [1]), /as many elements as its shape says: 2/],
    [x([1, 2], [1, 2, 3]), /as many elements/],
    [x([1e9, 2], [1]), /as many elements/],
    [x([1, 3], [1, 2, 3]), /shape \[events, 2\]: current value is \[1, 3\]/],
    [x([2], [1, 2]), /shape \[events, 2\]/],
    [x([-1, 2], []), /"shape" of whole numbers/],
    [x([1, 2], ["a", 2]), /must each be a number/],
    [x([1, 2], [null, 2]), /must each be a number/],
    [x([1, 2], undefined), /must have "data"/],
    [x([1, 2], [1, 2], { datatype: "FP64" }), /datatype FP32/],
    [x([1, 2], [1, 2], { name: "z" }), /one of the model's: "x"/],
    [{ inputs: [...x([1, 2], [1, 2]).inputs, ...x([1, 2], [1, 2]).inputs] }, /there once/],
    [{ ...x([1, 2], [1, 2]), outputs: [{ name: "z" }] }, /output "z" must be one of the model's: "y"/],
    [{ ...x([1, 2], [1, 2]), outputs: 1 }, /"outputs" must be an array/],
    [x([1, 2], undefined, { parameters: { binary_data_size: 8 } }), /within the body/],
    [{ ...x([1, 2], [1, 2]), parameters: { binary_data_output: 1 } }, /true or false/],
  ];
  for (const [request, reason] of bad) {
    const body = encoder.encode(JSON.stringify(request));
    const good = encoder.encode(JSON.stringify(x([1, 2], [8, 9])));
    const answers = await processor.process(
      joinBytes([good, body, good]),
      [good, body, good].map(({ length }) => ({
        body: length,
      })),
      NAME,
    );
    const [first, fault, last] = answers;
    match(
      fault !== undefined && "error" in fault ? String(fault.error) : "",
      reason,
      JSON.stringify(request),
    );
    strictEqual(first !== undefined && "bytes" in first && last !== undefined && "bytes" in last, true);
  }
});

Deno.test("names in capitals mean the tensors whose names differ in nothing else, as Flink writes them", async () => {
  const request = (input: string, output: string) => ({
    inputs: [{ name: input, datatype: "FP32", shape: [1, 2], data: [1, 2] }],
    outputs: [{ name: output }],
  });
  const answers = await answersTo(
    processorOf(await withModel({})),
    request("X", "Y"),
    request("x", "Y"),
    { inputs: [...x([1, 2], [1, 2]).inputs, ...request("X", "Y").inputs] },
  );
  deepStrictEqual(answers.map((answer) => answer === "request.invalid" ? answer : dataOf(answer)), [
    [1, 2],
    [1, 2],
    "request.invalid",
  ]);
  const texts = await answersTo(processorOf(await Echo.create()), {
    inputs: [{ name: "EVENT", datatype: "BYTES", shape: [1], data: ['{"a":1}'] }],
    outputs: [{ name: "RESULT" }],
  });
  deepStrictEqual(dataOf(texts[0]), ['{"a":1}']);
});

Deno.test("what makes the model fail does not fail its neighbours", async () => {
  const backend = await withModel({
    run: ({ x }) =>
      x?.data instanceof Float32Array && x.data.includes(13)
        ? Promise.reject(new Error("thirteen"))
        : Promise.resolve(x === undefined ? {} : { y: x }),
  });
  const answers = await answersTo(
    processorOf(backend),
    x([1, 2], [1, 2]),
    x([1, 2], [13, 2]),
    x([1, 2], [5, 6]),
  );
  deepStrictEqual([dataOf(answers[0]), answers[1], dataOf(answers[2])], [[1, 2], "model.run_failed", [5, 6]]);
});

Deno.test("a model of a fixed batch size is run in parts, the last one filled up", async () => {
  const runs: number[][] = [];
  const backend = await withModel({
    batchSize: 2,
    run: ({ x }) => {
      if (x?.data instanceof Float32Array) runs.push([...x.data]);
      return Promise.resolve(x === undefined ? {} : { y: x });
    },
  });
  const [answer] = await answersTo(processorOf(backend), x([3, 2], [1, 2, 3, 4, 5, 6]));
  deepStrictEqual(dataOf(answer), [1, 2, 3, 4, 5, 6]);
  deepStrictEqual(runs, [[1, 2, 3, 4], [5, 6, 5, 6]]);
});

Deno.test("inputs and outputs come and go as bytes, texts too", async () => {
  const backend = await withModel({
    inputs: [
      { name: "x", type: "float32", shape: [null], fields: ["x"] },
      { name: "s", type: "string", shape: [null], fields: ["s"] },
    ],
    outputs: [{ name: "s", type: "string", shape: [null] }, { name: "x", type: "float32", shape: [null] }],
    run: (feeds) => Promise.resolve({ ...feeds }),
  });
  const floats = new Uint8Array(Float32Array.of(1.5, -2).buffer);
  const texts = joinBytes(["ä", ""].flatMap((text) => {
    const bytes = encoder.encode(text);
    return [new Uint8Array(Uint32Array.of(bytes.length).buffer), bytes];
  }));
  const header = encoder.encode(JSON.stringify({
    inputs: [
      { name: "x", datatype: "FP32", shape: [2], parameters: { binary_data_size: floats.length } },
      { name: "s", datatype: "BYTES", shape: [2], parameters: { binary_data_size: texts.length } },
    ],
    outputs: [{ name: "s", parameters: { binary_data: true } }, { name: "x" }],
  }));
  const body = joinBytes([header, floats, texts]);
  const lengths = [{ body: body.length, header: header.length }];
  const [answer] = await processorOf(backend).process(body, lengths, NAME);
  if (answer === undefined || "error" in answer) throw answer?.error;
  const { bytes, headerLength = 0 } = answer;
  deepStrictEqual(JSON.parse(new TextDecoder().decode(bytes.subarray(0, headerLength))).outputs, [
    { name: "s", datatype: "BYTES", shape: [2], parameters: { binary_data_size: texts.length } },
    { name: "x", datatype: "FP32", shape: [2], data: [1.5, -2] },
  ]);
  deepStrictEqual(bytes.subarray(headerLength), texts);
});

Deno.test("a backend in TypeScript takes events as texts; an event that fails is its request's error", async () => {
  const backend = await Echo.create();
  deepStrictEqual(describeBackend(backend), {
    inputs: [{ name: "event", datatype: "BYTES", shape: [-1] }],
    outputs: [{ name: "result", datatype: "BYTES", shape: [-1] }],
  });
  const events = (...data: string[]) => ({
    inputs: [{ name: "event", datatype: "BYTES", shape: [data.length], data }],
  });
  const answers = await answersTo(
    processorOf(backend),
    events('{"a":1}', '{\n"a":2}'),
    events('{"a":3}', '{"fail":true}'),
    events("{"),
    events('{"a":4}'),
    { inputs: [{ name: "x", datatype: "BYTES", shape: [0], data: [] }] },
  );
  deepStrictEqual([dataOf(answers[0]), answers[1], answers[2], dataOf(answers[3]), answers[4]], [
    ['{"a":1}', '{"a":2}'],
    "backend.hook_failed",
    "event.invalid_json",
    ['{"a":4}'],
    "request.invalid",
  ]);
});

Deno.test("a model answers tensors as it answers events", async () => {
  const { folder, config, events, expected } = await modelFixture("shuttle");
  await using backend = await OnnxBackend.create({ folder, config });
  const { inputs, device } = describeBackend(backend);
  const [{ name = "", fields = [] } = {}] = inputs;
  deepStrictEqual([device, fields], ["trees", config.featureNames]);
  const data = events.slice(0, 5).flatMap((event) => fields.map((field) => event[field]));
  const request = { inputs: [{ name, datatype: "FP32", shape: [5, fields.length], data }] };
  const [answer] = await answersTo(processorOf(backend), request);
  const { outputs } = JSON.parse(JSON.stringify(answer));
  deepStrictEqual(outputs[0], {
    name: "label",
    datatype: "INT64",
    shape: [5],
    data: expected.slice(0, 5).map(({ label }) => label),
  });
});
