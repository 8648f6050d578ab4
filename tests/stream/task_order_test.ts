import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { BlockResult } from "../../lib/records/block.ts";
import { TaskOrder } from "../../lib/stream/task_order.ts";
import { bytesOf } from "../helpers/streams.ts";

const piece = (text: string, index = 0) => ({
  piece: { block: { bytes: bytesOf(text) }, offset: 0, end: text.length },
  source: { name: `${index}`, index },
});
const done = (lines: number): BlockResult => ({
  output: bytesOf(""),
  written: 0,
  records: 0,
  batches: 0,
  lines,
  failures: [],
});

Deno.test("in order, a task comes next only when all before it are written", () => {
  const order = new TaskOrder();
  const [first, second] = [order.add(piece("1\n")), order.add(piece("2\n"))];
  second.result = done(1);
  strictEqual(order.next(true), undefined);
  strictEqual(order.next(false), second);
  strictEqual(order.commit(second), undefined);
  strictEqual(order.next(false), undefined);
  first.result = done(1);
  strictEqual(order.next(true), first);
  strictEqual(order.commit(first), second);
  deepStrictEqual([order.size, order.lines], [0, 2]);
});

Deno.test("parts stand where their task stood, with ranks between its neighbours", () => {
  const order = new TaskOrder();
  const [first, second, third] = [order.add(piece("")), order.add(piece("")), order.add(piece(""))];
  const parts = order.replace(second, [piece("a"), piece("b")]);
  const inner = order.replace(parts[1] ?? second, [piece("c"), piece("d")]);
  const ranks = [first, parts[0], ...inner, third].map((task) => task?.rank ?? NaN);
  deepStrictEqual(ranks, [0, 1, 1.5, 1.75, 2]);
});

Deno.test("lines are counted through tasks that are written, done and not begun", () => {
  const order = new TaskOrder(10);
  const tasks = ["1\n2\n", "3\n\n", "5\n"].map((text) => order.add(piece(text)));
  const [first, second, third] = tasks;
  if (first === undefined || second === undefined || third === undefined) return;
  first.result = done(2);
  order.commit(first);
  second.result = done(2);
  deepStrictEqual([order.lineOf(second), order.lineOf(third)], [13, 15]);
});

Deno.test("each source has lines of its own", () => {
  const order = new TaskOrder();
  const first = order.add(piece("1\n2\n", 0));
  const second = order.add(piece("1\n", 1));
  const third = order.add(piece("2\n", 1));
  deepStrictEqual([order.lineOf(second), order.lineOf(third)], [1, 2]);
  order.commit(first);
  strictEqual(order.lineOf(third), 2);
  order.commit(second);
  deepStrictEqual([order.lineOf(third), order.lines], [2, 1]);
});
