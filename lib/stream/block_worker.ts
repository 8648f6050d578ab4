import type { Block, BlockResult } from "../records/block.ts";

/** Somebody who works on blocks, outside this process as a rule. */
export interface BlockWorker {
  /** Resolves when it can work; rejects with why it never will. */
  readonly ready: Promise<void>;
  /**
   * Works on a block; several may be under way, and are answered in order.
   *
   * @throws {PackflowError} `worker.*` if the worker ended before it answered, or answered what it must not.
   */
  process(block: Block): Promise<BlockResult>;
  /** Ends it at once, whatever it is doing; what is under way is rejected. */
  kill(): void;
  /** Resolves when it has ended, for whatever reason. */
  readonly exited: Promise<unknown>;
  /** Lets it end in its own time. */
  close(): Promise<void>;
}
