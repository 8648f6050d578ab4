import type { JsonObject, JsonValue } from "../../lib/base/json.ts";
import type { BenchWorker, Setting, StartWorkers } from "../../lib/bench/bench_worker.ts";
import { blockOptions, LocalWorker } from "./local_worker.ts";
import { FakeClock } from "./streams.ts";

/** How long work takes, in milliseconds. */
export interface Pace {
  readonly batch: number;
  readonly event: number;
}

/** A worker in this very process, whose work moves a clock on. */
export class FakeBenchWorker extends LocalWorker implements BenchWorker {
  readonly pid = undefined;
  readonly #answer: (event: JsonObject) => JsonObject;

  constructor(options: {
    clock: FakeClock;
    pace: Pace;
    batchSize: number;
    answer?: (event: JsonObject) => JsonObject;
    ready?: Promise<void>;
  }) {
    const { clock, pace, batchSize, answer = (event) => event, ready } = options;
    super(
      (events) => {
        clock.advance(pace.batch + pace.event * events.length);
        return Promise.resolve(events.map((event) => answer(event)));
      },
      blockOptions({ batchSize }),
      ready,
    );
    this.#answer = answer;
  }

  call(_op: "infer", events: JsonValue): Promise<JsonValue> {
    return Promise.resolve(Array.isArray(events) ? events.map((event) => this.#answer(Object(event))) : null);
  }
}

/** Starts fake workers, and keeps count of those that have not been ended. */
export function fakeStarter(
  clock: FakeClock,
  options: (
    setting: Setting,
  ) => { pace: Pace; answer?: (event: JsonObject) => JsonObject; ready?: Promise<void> },
): { start: StartWorkers; alive: () => number } {
  const workers: FakeBenchWorker[] = [];
  return {
    start: (setting) => {
      const started = Array.from(
        { length: setting.workers },
        () => new FakeBenchWorker({ clock, batchSize: setting.batchSize, ...options(setting) }),
      );
      workers.push(...started);
      return Promise.resolve(started);
    },
    alive: () => workers.filter(({ killed, closed }) => !killed && !closed).length,
  };
}
