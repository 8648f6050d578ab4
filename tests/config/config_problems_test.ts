import assert from "node:assert/strict";
import { configProblems } from "../../lib/config/config_problems.ts";
import type { JsonObject } from "../../lib/base/json.ts";
import { z } from "../../lib/deps/zod.ts";

function problemsOf(schema: z.ZodType, options: JsonObject) {
  const { error } = schema.safeParse(options);
  assert.ok(error, "the schema should refuse the options");
  return configProblems({ issues: error.issues, schema, options });
}

Deno.test("each kind of refusal says what the option must be", () => {
  const expected: [z.ZodType, unknown, string][] = [
    [z.string(), 5, "must be a string: current value is 5"],
    [z.array(z.string()), "a", 'must be an array: current value is "a"'],
    [z.record(z.string(), z.string()), [1], "must be an object: current value is [1]"],
    [z.object({}), null, "must be an object: current value is null"],
    [z.number().int(), 1.5, "must be a whole number: current value is 1.5"],
    [z.enum(["a", "b"]), "c", 'must be "a" or "b": current value is "c"'],
    [z.number().min(2), 1, "must be at least 2: current value is 1"],
    [z.number().gt(2), 2, "must be more than 2: current value is 2"],
    [z.number().max(2), 3, "must be at most 2: current value is 3"],
    [z.number().lt(2), 2, "must be less than 2: current value is 2"],
    [z.string().min(1), "", 'must have at least 1 character: current value is ""'],
    [z.string().max(2), "abc", 'must have at most 2 characters: current value is "abc"'],
    [z.array(z.string()).max(1), ["a", "b"], 'must hold at most 1 item: current value is ["a","b"]'],
    [
      z.string().refine((text) => text.endsWith(".onnx"), "not a model"),
      "m",
      'must pass its check (not a model): current value is "m"',
    ],
  ];
  for (const [option, value, text] of expected) {
    const [problem] = problemsOf(z.strictObject({ o: option }), { o: value } as JsonObject);
    assert.equal(problem?.message, `Cannot use option "o" as it ${text}`);
  }
});

Deno.test("an option that must be given is said to be missing", () => {
  const [problem] = problemsOf(z.strictObject({ model: z.string() }), {});
  assert.equal(
    problem?.message,
    'Cannot use option "model" as it must be a string: current value is missing',
  );
});

Deno.test("a long value is cut", () => {
  const [problem] = problemsOf(z.strictObject({ o: z.number() }), { o: "x".repeat(1000) });
  assert.ok(problem !== undefined && problem.message.length < 200 && problem.message.endsWith("…"));
});

Deno.test("a misspelt name or choice gets the nearest as its remedy", () => {
  const schema = z.strictObject({ inputFormat: z.enum(["records", "tensor"]).optional() });
  assert.deepEqual(problemsOf(schema, { input_format: "records", zzz: 1 }).map(({ remedy }) => remedy), [
    'Use "inputFormat"',
    undefined,
  ]);
  assert.equal(problemsOf(schema, { inputFormat: "Record" })[0]?.remedy, 'Use "records"');
});
