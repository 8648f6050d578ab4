import type { ClassAnswer, TreeEnsemble } from "./tree_ensemble.ts";

/** What an ensemble answers for a number of rows. */
export interface TreeAnswers {
  /** Index of each row's class; none for a regressor. */
  readonly classes: Int32Array;
  /** `[rows, width]`. */
  readonly scores: Float32Array;
}

/** Rows that follow each other. */
export interface RowRange {
  readonly first: number;
  readonly rows: number;
}

/** Writes the answers of some rows, whose sums are given. */
export type AnswerWriter = (sums: Float32Array, range: RowRange, into: TreeAnswers) => void;

/** Scores that the answer of a row has. */
export function answerWidth({ scores, answer }: TreeEnsemble): number {
  return answer.kind === "class" && scores === 1 ? 2 : scores;
}

/**
 * What an ensemble makes of its sums: as ONNX Runtime does it, in 32-bit floats throughout. Only the exponential may
 * differ, in its last bit.
 *
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/providers/cpu/ml/tree_ensemble_aggregator.h
 */
export function answerWriter(ensemble: TreeEnsemble): AnswerWriter {
  const { answer, base, scores } = ensemble;
  if (answer.kind === "target") return targetWriter(scores, base, answer.divisor);
  return scores === 1 ? twoClassWriter(answer, base[0] ?? 0) : classWriter(answer, scores, base);
}

function targetWriter(width: number, base: readonly number[], divisor: number): AnswerWriter {
  return (sums, { first, rows }, { scores }) => {
    for (let from = 0, to = first * width; from < rows * width; from++, to++) {
      const sum = sums[from] ?? 0;
      scores[to] = Math.fround(divisor === 1 ? sum : sum / divisor) + (base[from % width] ?? 0);
    }
  };
}

/** Two classes of which only one is scored: a probability where no weight is negative, else a margin around 0. */
function twoClassWriter({ transform, isPositive }: ClassAnswer, base: number): AnswerWriter {
  const limit = isPositive ? 0.5 : 0;
  const isLogistic = transform === "LOGISTIC";
  return (sums, { first, rows }, { classes, scores }) => {
    for (let row = 0, to = 2 * first; row < rows; row++, to += 2) {
      const score = Math.fround((sums[row] ?? 0) + base);
      classes[first + row] = score > limit ? 1 : 0;
      scores[to] = isLogistic ? logistic(-score) : isPositive ? 1 - score : -score;
      scores[to + 1] = isLogistic ? logistic(score) : score;
    }
  };
}

function classWriter({ transform }: ClassAnswer, width: number, base: readonly number[]): AnswerWriter {
  return (sums, { first, rows }, { classes, scores }) => {
    for (let row = 0; row < rows; row++) {
      const target = scores.subarray((first + row) * width, (first + row + 1) * width);
      let best = 0;
      for (let score = 0; score < width; score++) {
        target[score] = (sums[row * width + score] ?? 0) + (base[score] ?? 0);
        if ((target[score] ?? 0) > (target[best] ?? 0)) best = score;
      }
      classes[first + row] = best;
      if (transform === "LOGISTIC") target.forEach((value, score) => target[score] = logistic(value));
      if (transform === "SOFTMAX") softmax(target, target[best] ?? 0);
    }
  };
}

function logistic(value: number): number {
  const part = Math.fround(1 / Math.fround(1 + exp(-Math.abs(value))));
  return value < 0 ? Math.fround(1 - part) : part;
}

function softmax(values: Float32Array, most: number): void {
  let sum = 0;
  values.forEach((value, index) => {
    const power = exp(Math.fround(value - most));
    values[index] = power;
    sum = Math.fround(sum + power);
  });
  values.forEach((value, index) => values[index] = value / sum);
}

function exp(value: number): number {
  return Math.fround(Math.exp(value));
}
