import { type BlockResult, countNewlines } from "../records/block.ts";
import type { ReadPiece } from "./block_reader.ts";

/** Records that are under way, from reading to writing. */
export interface Task extends ReadPiece {
  /** Its place among all tasks: lower ones come first. */
  readonly rank: number;
  /** Ranks below `rank` plus this belong to it and its parts. */
  readonly share: number;
  result?: BlockResult;
  /** Its results have been written. */
  committed: boolean;
}

/** The tasks under way, in the order of the input. */
export class TaskOrder {
  #tasks: Task[] = [];
  #added = 0;
  /** Newlines before the first task, in its source. */
  #lines = 0;
  #source = 0;

  /** @param lines Newlines before the first record, where the reading does not begin at the beginning. */
  constructor(lines = 0, source = 0) {
    this.#lines = lines;
    this.#source = source;
  }

  /** Number of tasks that are not committed, or wait for one before them. */
  get size(): number {
    return this.#tasks.length;
  }

  /** Newlines in the source before the first task. */
  get lines(): number {
    return this.#lines;
  }

  /** Adds the task that comes after all others. */
  add(piece: ReadPiece): Task {
    const task: Task = { ...piece, rank: this.#added++, share: 1, committed: false };
    this.#tasks.push(task);
    return task;
  }

  /** Puts tasks in the place of one, in their order. */
  replace(task: Task, pieces: readonly ReadPiece[]): Task[] {
    const share = task.share / pieces.length;
    const tasks = pieces.map((piece, i): Task => (
      { ...piece, rank: task.rank + i * share, share, committed: false }
    ));
    this.#tasks.splice(this.#tasks.indexOf(task), 1, ...tasks);
    return tasks;
  }

  /** The task to write next: the first if it is done, or, if any order will do, any that is done. */
  next(ordered: boolean): Task | undefined {
    if (!ordered) return this.#tasks.find(({ result, committed }) => result !== undefined && !committed);
    const [first] = this.#tasks;
    return first?.result === undefined ? undefined : first;
  }

  /** Marks a task as written; returns the last of the tasks that are done with now, nothing before them missing. */
  commit(task: Task): Task | undefined {
    task.committed = true;
    let last: Task | undefined;
    while (this.#tasks[0]?.committed === true) {
      last = this.#tasks.shift();
      if (last !== undefined) this.#countLines(last);
    }
    return last;
  }

  /** The line of a task's first byte, counted from 1. */
  lineOf(task: Task): number {
    if (task.piece.line !== undefined) return task.piece.line;
    let line = task.source.index === this.#source ? this.#lines + 1 : 1;
    for (const before of this.#tasks) {
      if (before === task) break;
      if (before.source.index === task.source.index) line += linesIn(before);
    }
    return line;
  }

  #countLines(task: Task): void {
    if (task.source.index !== this.#source) this.#lines = 0;
    this.#source = task.source.index;
    this.#lines += linesIn(task);
  }
}

function linesIn({ result, piece }: Task): number {
  return result?.lines ?? countNewlines(piece.block.bytes);
}
