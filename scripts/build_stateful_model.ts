/**
 * `deno task build-stateful-model`: makes `templates/stateful/model.onnx`, a small recurrent network that forecasts a
 * sensor's next reading from those before it.
 *
 * It is an echo state network: the recurrent weights are drawn at random and stay as they are; only the linear layer
 * that reads the forecast from the state is trained, by ridge regression on made-up sensors. With `--check` nothing is
 * written, and the exit code says whether the file is up to date.
 */
import { join } from "node:path";
import { type Initializer, type NodeDescription, onnxModel } from "../tests/helpers/onnx_model.ts";
import { ROOT } from "./run_deno.ts";

const TARGET = "templates/stateful/model.onnx";

/** Size of the state. */
const UNITS = 24;
/** How much of a state gives way to the next. */
const LEAK = 0.6;
/** Readings are scaled to about -1 to 1: (reading - CENTRE) / SCALE. */
const CENTRE = 20;
const SCALE = 10;
/** Keeps weights small that the made-up sensors say little about. */
const RIDGE: number = 0.3;
const SENSORS = 300;
const STEPS = 120;
/** States before this step still show that they began at zero, like every sensor's. */
const WARM_UP = 6;

/** What the network does with a reading and the state. */
const NODES: readonly NodeDescription[] = [
  { op: "Sub", inputs: ["reading", "centre"], outputs: ["centred"] },
  { op: "Div", inputs: ["centred", "scale"], outputs: ["scaled"] },
  { op: "MatMul", inputs: ["scaled", "input"], outputs: ["entering"] },
  { op: "Gemm", inputs: ["state", "recurrent", "bias"], outputs: ["staying"] },
  { op: "Add", inputs: ["entering", "staying"], outputs: ["sum"] },
  { op: "Tanh", inputs: ["sum"], outputs: ["candidate"] },
  { op: "Mul", inputs: ["candidate", "leak"], outputs: ["new"] },
  { op: "Mul", inputs: ["state", "kept"], outputs: ["old"] },
  { op: "Add", inputs: ["old", "new"], outputs: ["next_state"] },
  { op: "Concat", inputs: ["scaled", "next_state"], outputs: ["seen"], attributes: { axis: 1 } },
  { op: "Gemm", inputs: ["seen", "readout", "offset"], outputs: ["ahead"] },
  { op: "Mul", inputs: ["ahead", "scale"], outputs: ["rescaled"] },
  { op: "Add", inputs: ["rescaled", "centre"], outputs: ["forecast"] },
];

interface Network {
  /** [UNITS], by which a reading enters the state. */
  readonly input: Float32Array<ArrayBuffer>;
  /** [UNITS, UNITS], from the state to the next. */
  readonly recurrent: Float32Array<ArrayBuffer>;
  /** [UNITS] */
  readonly bias: Float32Array<ArrayBuffer>;
}

/** The bytes of the model. */
export function buildStatefulModel(): Uint8Array<ArrayBuffer> {
  const random = mulberry32(20_240_607);
  const network = drawNetwork(random);
  const readout = train(network, random);
  const value = (name: string, shape: readonly number[], data: Float32Array<ArrayBuffer>): Initializer => ({
    name,
    type: "float32",
    shape,
    data: new Uint8Array(data.buffer),
  });
  const scalar = (name: string, number: number) => value(name, [], Float32Array.of(number));
  return onnxModel({
    producer: "packflow scripts/build_stateful_model.ts",
    metadata: {
      description: "Forecasts a sensor's next reading; feed next_state back as state, zeros at first",
    },
    inputs: [
      { name: "reading", type: "float32", shape: ["sensors", 1] },
      { name: "state", type: "float32", shape: ["sensors", UNITS] },
    ],
    outputs: [
      { name: "forecast", type: "float32", shape: ["sensors", 1] },
      { name: "next_state", type: "float32", shape: ["sensors", UNITS] },
    ],
    nodes: NODES,
    initializers: [
      scalar("centre", CENTRE),
      scalar("scale", SCALE),
      scalar("leak", LEAK),
      scalar("kept", 1 - LEAK),
      value("input", [1, UNITS], network.input),
      value("recurrent", [UNITS, UNITS], network.recurrent),
      value("bias", [UNITS], network.bias),
      value("readout", [UNITS + 1, 1], rounded(readout.slice(0, UNITS + 1))),
      value("offset", [1], rounded(readout.slice(UNITS + 1))),
    ],
  });
}

function drawNetwork(random: () => number): Network {
  const draw = (size: number, most: number) =>
    rounded(Array.from({ length: size }, () => (2 * random() - 1) * most));
  // Each unit hears of about a third of the others, softly enough for old readings to fade.
  const recurrent = draw(UNITS * UNITS, 0.5).map((weight) => random() < 1 / 3 ? weight : 0);
  return { input: draw(UNITS, 1), recurrent, bias: draw(UNITS, 0.3) };
}

/** The weights by which the scaled reading, the state and 1 make the next scaled reading. */
function train(network: Network, random: () => number): number[] {
  const size = UNITS + 2;
  const products = Array.from(
    { length: size },
    (_, row) => Array.from({ length: size + 1 }, (_, column) => row === column ? RIDGE : 0),
  );
  for (let sensor = 0; sensor < SENSORS; sensor++) {
    const readings = madeUpReadings(random);
    let state = new Array<number>(UNITS).fill(0);
    for (const [step, reading] of readings.entries()) {
      const next = readings[step + 1];
      state = nextState(network, state, reading);
      if (next === undefined || step < WARM_UP) continue;
      const seen = [reading, ...state, 1];
      for (const [row, sums] of products.entries()) {
        const factor = seen[row] ?? 0;
        for (let column = 0; column < size; column++) {
          sums[column] = (sums[column] ?? 0) + factor * (seen[column] ?? 0);
        }
        sums[size] = (sums[size] ?? 0) + factor * next;
      }
    }
  }
  return solve(products);
}

/** The scaled readings of a sensor: a wave of its own, with some noise. */
function madeUpReadings(random: () => number): number[] {
  const period = 10 + 30 * random();
  const phase = 2 * Math.PI * random();
  const height = 0.2 + 0.6 * random();
  const level = 1.2 * random() - 0.6;
  return Array.from(
    { length: STEPS },
    (_, step) =>
      level + height * Math.sin(phase + 2 * Math.PI * step / period) + 0.02 * (random() + random() - 1),
  );
}

function nextState({ input, recurrent, bias }: Network, state: readonly number[], reading: number): number[] {
  return state.map((old, unit) => {
    let sum = (bias[unit] ?? 0) + reading * (input[unit] ?? 0);
    for (const [from, value] of state.entries()) sum += value * (recurrent[from * UNITS + unit] ?? 0);
    return (1 - LEAK) * old + LEAK * Math.tanh(sum);
  });
}

/** Solves a system of equations, each a row with its right side at the end, by Gauss's elimination. */
function solve(rows: number[][]): number[] {
  for (const [at, pivot] of rows.entries()) {
    // Ridge regression's systems need no other order of rows: every pivot is positive.
    const divisor = pivot[at] ?? 1;
    rows[at] = pivot.map((value) => value / divisor);
    for (const [other, row] of rows.entries()) {
      const factor = row[at] ?? 0;
      if (other !== at) rows[other] = row.map((value, column) => value - factor * (rows[at]?.[column] ?? 0));
    }
  }
  return rows.map((row) => row.at(-1) ?? 0);
}

/** Rounded so far that another platform's last bits of a sine do not show. */
function rounded(values: readonly number[]): Float32Array<ArrayBuffer> {
  return Float32Array.from(values, (value) => Math.round(value * 4096) / 4096);
}

/** Random numbers from 0 to below 1, the same ones everywhere (Mulberry32, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function main(): Promise<number> {
  const bytes = buildStatefulModel();
  const path = join(ROOT, TARGET);
  if (!Deno.args.includes("--check")) {
    await Deno.writeFile(path, bytes);
    return 0;
  }
  const before = await Deno.readFile(path).catch(() => new Uint8Array());
  if (before.length === bytes.length && before.every((byte, at) => byte === bytes[at])) return 0;
  console.error(`${TARGET} is older than this script: run deno task build-stateful-model`);
  return 1;
}

if (import.meta.main) Deno.exit(await main());
