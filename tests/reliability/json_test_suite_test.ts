/** JSON that must be taken, must be refused, and may be either, as a field of an event and as a line of its own. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { BlockProcessor, processBlock } from "../../lib/records/process_block.ts";
import { directModelOf } from "../../lib/backend/direct_model.ts";
import { echoRun, figure } from "../helpers/echo_run.ts";
import { jsonTestSuite } from "../helpers/json_test_suite.ts";
import { blockOptions } from "../helpers/local_worker.ts";
import { withModelBackend } from "../helpers/model_backend.ts";
import { onnxModel } from "../helpers/onnx_model.ts";
import { bytesOf, textOf } from "../helpers/streams.ts";

const BEFORE = '{"is":"before"}';
const AFTER = '{"is":"after"}';

/** What came of a text between two good lines: the lines of output in between. */
async function between(text: string) {
  const run = await echoRun(`${BEFORE}\n${text}\n${AFTER}\n`);
  strictEqual(run.lines[0], BEFORE, text);
  strictEqual(run.lines.at(-1), AFTER, text);
  strictEqual(run.summary.outcome, "completed");
  return { lines: run.lines.slice(1, -1), codes: run.codes.slice(1, -1) };
}

/** A newline at the end of a file ends its line. */
const files = jsonTestSuite.map(({ name, input }) => ({ name, input: input.replace(/\n$/, "") }));
const filesOf = (kind: string) => files.filter(({ name }) => name.startsWith(kind));

Deno.test("S1: a field of an event may hold every JSON there is on one line, and nothing else", async () => {
  const tally = { y: 0, n: 0, i: 0 };
  for (const { name, input } of filesOf("y_")) {
    const { lines, codes } = await between(`{"field":${input}}`);
    if (input.includes("\n")) {
      ok(lines.length >= 2 && codes.every((code) => code === "event.invalid_json"), name);
      continue;
    }
    deepStrictEqual(lines, [JSON.stringify({ field: JSON.parse(input) })], name);
    tally.y++;
  }
  for (const { name, input } of filesOf("n_")) {
    const { codes } = await between(`{"field":${input}}`);
    ok(codes.length >= 1, name);
    if (codes.includes(undefined)) tally.n++;
    // A line of several may be JSON by itself, but none is an event.
    const known = [
      "event.invalid_json",
      "event.too_deep",
      ...(input.includes("\n") ? ["event.not_object"] : []),
    ];
    for (const code of codes) if (code !== undefined) ok(known.includes(code), `${name}: ${code}`);
  }
  for (const { name, input } of filesOf("i_")) {
    const { lines, codes } = await between(`{"field":${input}}`);
    strictEqual(lines.length, 1, name);
    if (codes[0] === undefined) tally.i++;
  }
  figure(
    `S1 JSONTestSuite: ${files.length} files, 0 crashes, y ${tally.y}/${filesOf("y_").length} results, ` +
      `n ${tally.n}/${filesOf("n_").length} accepted, i ${tally.i}/${filesOf("i_").length} accepted`,
  );
  strictEqual(files.length, 318);
  deepStrictEqual([tally.y, tally.n], [93, 0]);
});

Deno.test("S1: as a line of its own only an object is an event", async () => {
  const tally = { events: 0, others: 0, blank: 0, bad: 0 };
  for (const { name, input } of files) {
    const { lines, codes } = await between(input);
    for (const [index, line] of lines.entries()) {
      if (codes[index] !== undefined) continue;
      ok(!name.startsWith("n_") && !Array.isArray(JSON.parse(line)), name);
      deepStrictEqual(JSON.parse(line), JSON.parse(input), name);
    }
    if (lines.length === 0) {
      strictEqual(input.trim(), "", name);
      tally.blank++;
    } else if (codes.every((code) => code === undefined)) tally.events++;
    else if (codes.every((code) => code === "event.not_object")) tally.others++;
    else tally.bad++;
  }
  figure(
    `S1 as lines: ${tally.events} events, ${tally.others} JSON but no object, ${tally.bad} no JSON on a line, ` +
      `${tally.blank} blank, 0 wrong`,
  );
  strictEqual(tally.events, filesOf("y_object").filter(({ input }) => !input.includes("\n")).length + 1);
});

Deno.test("S1: a model that is fed without making events takes and refuses the same", async () => {
  const model = onnxModel({
    inputs: [{ name: "x", type: "float32", shape: ["N", 1] }],
    outputs: [{ name: "y", type: "float32", shape: ["N", 1] }],
    nodes: [{ op: "Identity", inputs: ["x"], outputs: ["y"] }],
  });
  await withModelBackend(model, { featureNames: ["x"] }, async (backend) => {
    ok(directModelOf(backend) !== undefined);
    const options = blockOptions({ onError: "emit", batchSize: 1 });
    let different = 0;
    for (const { name, input } of files) {
      const lines = [`{"field":${input},"x":1}`, `{"x":1,"field":${input}}`, `{"x":${input}}`, input];
      const block = { bytes: bytesOf(`{"field":0,"x":1}\n${lines.join("\n")}\n{"x":1,"field":0}\n`) };
      const infer = backend.infer.bind(backend);
      const usual = await processBlock(block, options, { infer });
      const { stages: _, ...direct } = await new BlockProcessor(backend, options).process(block);
      if (textOf(direct.output) !== textOf(usual.output)) different++;
      deepStrictEqual(direct, usual, name);
    }
    figure(`S1 fed directly: ${different} of ${files.length} answered otherwise`);
  });
});
