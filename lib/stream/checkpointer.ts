import type { Clock } from "../host/clock.ts";
import { type Checkpoint, removeCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import type { RunPosition } from "./run_options.ts";
import type { DurableSink } from "./sink.ts";

/** What a {@linkcode Checkpointer} notes, and when. */
export interface CheckpointerOptions {
  readonly file: string;
  /** Absolute paths of the inputs. */
  readonly inputs: readonly string[];
  readonly sink: DurableSink;
  readonly deadLetters?: DurableSink | undefined;
  /** Least time between two notes: each costs a wait for the device. */
  readonly intervalMs: number;
  readonly clock: Clock;
}

/** Notes from time to time how far a run is. */
export class Checkpointer {
  readonly #options: CheckpointerOptions;
  #last: number;
  #latest: Checkpoint | undefined;

  constructor(options: CheckpointerOptions) {
    this.#options = options;
    this.#last = options.clock.now();
  }

  /**
   * Takes in that everything before a position has been given to the sinks, and nothing else.
   *
   * @throws {PackflowError} `sink.*`.
   */
  async at(position: RunPosition): Promise<void> {
    const { inputs, sink, deadLetters, intervalMs, clock } = this.#options;
    this.#latest = {
      inputs,
      position,
      output: { path: sink.name, position: sink.position },
      ...(deadLetters === undefined
        ? {}
        : { deadLetters: { path: deadLetters.name, position: deadLetters.position } }),
    };
    if (clock.now() - this.#last < intervalMs) return;
    await this.#note();
    this.#last = clock.now();
  }

  /** The run has ended: a complete one leaves no checkpoint, any other one is noted as far as it came. */
  async end(isComplete: boolean): Promise<void> {
    if (isComplete) await removeCheckpoint(this.#options.file);
    else await this.#note();
  }

  async #note(): Promise<void> {
    const { file, sink, deadLetters } = this.#options;
    if (this.#latest === undefined) return;
    await sink.sync();
    await deadLetters?.sync();
    await writeCheckpoint(file, this.#latest);
  }
}
