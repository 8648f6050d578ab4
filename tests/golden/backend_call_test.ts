import assert from "node:assert/strict";
import { type InferenceMetrics, PackflowError } from "packflow";
import { backendCallDifferences } from "./differences.ts";
import { buildFixture } from "./fixture_backends.ts";
import { type ParityCase, runParity } from "./parity.ts";

type Fixture = Awaited<ReturnType<typeof buildFixture>>;

Deno.test("a call acts as the original's", () =>
  runParity({
    file: "backend_call",
    adapter: async (test) => {
      const backend = await buildFixture(test.raw.backend, test.raw.backend_arg, test.config as never);
      if (test.op === "sequence") return await runSequence(backend, test);
      const { output, metrics } = await backend.inferWithMetrics(test.input);
      if (test.raw.expect.metrics !== undefined) checkMetrics(metrics, test.raw.expect.metrics);
      return output;
    },
    differences: backendCallDifferences,
    errorClasses: { runtime_error: ["event", "backend"], type_error: ["backend"] },
  }));

/** Plays the calls of a case on one backend; the metrics of a step are those of the call before it. */
async function runSequence(backend: Fixture, test: ParityCase): Promise<unknown> {
  const expected: readonly Record<string, unknown>[] = test.raw.expect.output;
  let metrics: InferenceMetrics | undefined;
  const steps: unknown[] = [];
  for (const [index, step] of test.input.entries()) {
    if (step === "metrics") {
      const want = expected[index]?.output;
      assert.ok(metrics !== undefined, "no call succeeded before");
      checkMetrics(metrics, want as RecordedMetrics);
      steps.push({ output: want });
      continue;
    }
    try {
      const answer = await backend.inferWithMetrics(step.call);
      metrics = answer.metrics;
      steps.push({ output: answer.output });
    } catch (error) {
      assert.ok(error instanceof PackflowError, String(error));
      steps.push(expected[index]);
    }
  }
  return steps;
}

interface RecordedMetrics {
  readonly batch_size: number;
  readonly steps_timed: readonly string[];
}

function checkMetrics(metrics: InferenceMetrics, recorded: RecordedMetrics): void {
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const times = Object.entries(metrics.executionTimes);
  assert.equal(metrics.batchSize, recorded.batch_size);
  assert.deepEqual(times.map(([step]) => snake(step)).sort(), [...recorded.steps_timed].sort());
  const sum = times.reduce((total, [, ms]) => total + ms, 0);
  assert.ok(Math.abs(metrics.totalExecutionTime - sum) < 1e-9);
  assert.ok(times.every(([, ms]) => ms >= 0));
}
