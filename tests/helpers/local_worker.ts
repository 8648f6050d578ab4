import type { Block, BlockOptions, BlockResult } from "../../lib/records/block.ts";
import { BlockFormat } from "../../lib/records/block_format.ts";
import type { Infer } from "../../lib/records/infer_events.ts";
import { processBlock } from "../../lib/records/process_block.ts";
import type { BlockWorker } from "../../lib/stream/block_worker.ts";

/** The options of blocks, with what most tests want. */
export function blockOptions(options: Partial<BlockOptions> = {}): BlockOptions {
  return {
    batchSize: 256,
    onError: "fail",
    outputFormat: "ndjson",
    maxEventBytes: 16 * 1024 * 1024,
    ...options,
  };
}

/** A worker in this very process. */
export class LocalWorker implements BlockWorker {
  readonly ready: Promise<void>;
  readonly exited: Promise<void>;
  killed = false;
  closed = false;
  readonly #options: BlockOptions;
  readonly #infer: Infer;
  readonly #format: BlockFormat;
  #exit = () => {};
  #reject: ((error: unknown) => void)[] = [];
  #last: Promise<unknown> = Promise.resolve();

  /** @param ready When it can work; at once, if left out. */
  constructor(infer: Infer, options: Partial<BlockOptions> = {}, ready: Promise<void> = Promise.resolve()) {
    const died = new Promise<never>((_, reject) => this.#reject.push(reject));
    this.ready = Promise.race([ready, died]);
    this.ready.catch(() => {});
    this.#infer = infer;
    this.#options = blockOptions(options);
    this.#format = new BlockFormat(this.#options);
    this.exited = new Promise((resolve) => this.#exit = resolve);
  }

  process(block: Block): Promise<BlockResult> {
    return new Promise((resolve, reject) => {
      this.#reject.push(reject);
      const work = this.#last.then(() =>
        processBlock(block, this.#options, { infer: this.#infer, format: this.#format })
      );
      this.#last = work.catch(() => {});
      work.then(resolve, reject);
    });
  }

  /** Ends as a process does that crashes: everything under way is rejected. */
  die(error: Error): void {
    for (const reject of this.#reject) reject(error);
    this.#exit();
  }

  kill(): void {
    this.killed = true;
    this.die(new Error("killed"));
  }

  close(): Promise<void> {
    this.closed = true;
    this.#exit();
    return Promise.resolve();
  }
}
