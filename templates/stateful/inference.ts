import { BackendConfig, type EventRecord, InferenceBackend, type Records, type Session, z } from "packflow";
import { inRounds, Memories } from "./memories.ts";

/** The options of this backend: those every backend has, and its own. */
const Config = BackendConfig.extend({
  tolerance: z.number().positive().default(2.5).describe("Degrees by which a reading may miss its forecast"),
  warmUp: z.number().int().min(1).default(8).describe("Readings of a sensor before one can be unusual"),
  patience: z.number().int().min(1).default(3).describe(
    "Unusual readings in a row after which they are the usual",
  ),
  mostSensors: z.number().int().min(1).default(100_000).describe("Sensors that are remembered at once"),
});
type Config = z.infer<typeof Config>;

/** Size of the model's state. */
const UNITS = 24;

/** What is remembered of a sensor. */
interface Memory {
  /** The model's state after the last reading. */
  readonly state: Float32Array;
  /** What the next reading should be. */
  readonly forecast: number;
  /** Readings so far. */
  readonly seen: number;
  /** How many of the last readings in a row were unusual. */
  readonly doubts: number;
}

/** What the model is run on for a sensor, and what goes on being remembered. */
interface Input {
  readonly celsius: number;
  readonly memory: Memory | undefined;
  readonly doubts: number;
}

interface Reading {
  readonly sensor: string;
  readonly celsius: number;
}

/**
 * Forecasts each sensor's next reading and tells which readings are unusual. It remembers every sensor's past, so it
 * must see all readings of a sensor, in order: "partitionBy" in packflow.jsonc says so.
 */
export class Backend extends InferenceBackend<Config> {
  static override config = Config;
  #model: Session | undefined;
  #memories = new Memories<Memory>(this.config.mostSensors);
  #last: Promise<unknown> = Promise.resolve();

  override async initialize() {
    this.#model = await this.openModel("model.onnx");
  }

  /** One result per event, in order. Calls that overlap wait for each other, as each goes on from what is remembered. */
  override execute(events: Records) {
    const results = this.#last.then(() => this.#answer(events.map(readingOf)));
    this.#last = results.catch(() => {});
    return results;
  }

  /** Forgets all sensors; checks call this to begin anew. */
  override reset() {
    this.#memories.clear();
  }

  override async dispose() {
    await this.#model?.dispose();
  }

  async #answer(readings: readonly Reading[]) {
    const results = readings.map(() => ({ forecast: null as number | null, unusual: false }));
    // A batch in which anything fails is tried again in parts: only one that is whole may be remembered.
    const changes = this.#memories.change();
    for (const round of inRounds(readings, ({ sensor }) => sensor)) {
      const inputs = round.map((index) => {
        const { sensor = "", celsius = NaN } = readings[index] ?? {};
        const memory = changes.get(sensor);
        const result = results[index];
        if (memory === undefined || result === undefined) return { sensor, celsius, memory, doubts: 0 };
        const { tolerance, warmUp, patience } = this.config;
        result.forecast = memory.forecast;
        result.unusual = memory.seen >= warmUp && Math.abs(celsius - memory.forecast) > tolerance;
        const doubts = result.unusual ? memory.doubts + 1 : 0;
        // One odd reading must not spoil the forecasts after it; several in a row are how things are now.
        const isDoubted = doubts > 0 && doubts < patience;
        return { sensor, celsius: isDoubted ? memory.forecast : celsius, memory, doubts };
      });
      const memories = await this.#remember(inputs);
      for (const [at, { sensor }] of inputs.entries()) changes.set(sensor, memories[at]);
    }
    changes.keep();
    return results;
  }

  /** Runs the model on one reading each of several sensors. */
  async #remember(inputs: readonly Input[]): Promise<Memory[]> {
    if (this.#model === undefined) throw new Error("Cannot answer before the model is open");
    const sensors = inputs.length;
    const state = new Float32Array(sensors * UNITS);
    for (const [at, { memory }] of inputs.entries()) if (memory) state.set(memory.state, at * UNITS);
    const outputs = await this.#model.run({
      reading: {
        type: "float32",
        data: Float32Array.from(inputs, ({ celsius }) => celsius),
        dims: [sensors, 1],
      },
      state: { type: "float32", data: state, dims: [sensors, UNITS] },
    });
    const states = floats(outputs.next_state?.data);
    const forecasts = floats(outputs.forecast?.data);
    return inputs.map(({ memory, doubts }, at) => ({
      state: states.slice(at * UNITS, (at + 1) * UNITS),
      forecast: forecasts[at] ?? NaN,
      seen: (memory?.seen ?? 0) + 1,
      doubts,
    }));
  }
}

function readingOf({ sensor, celsius }: EventRecord): Reading {
  if (typeof sensor !== "string") {
    throw new TypeError(
      `Cannot read the event as "sensor" must be a string: current value is ${String(sensor)}`,
    );
  }
  if (typeof celsius !== "number") {
    throw new TypeError(
      `Cannot read the event as "celsius" must be a number: current value is ${String(celsius)}`,
    );
  }
  return { sensor, celsius };
}

function floats(data: unknown): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new TypeError("Cannot read the model's output as it must hold 32-bit floats");
}
