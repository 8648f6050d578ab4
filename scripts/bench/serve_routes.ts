/** What a server answers about one event of the shuttle model, whatever the form in which it says so. */
export interface Verdict {
  readonly label: number;
  readonly probabilities: readonly number[];
}

/** A way to ask a server. */
export interface Route {
  /** In a table. */
  readonly title: string;
  readonly path: string;
  /** The JSON text of a request about one event, the line of a file. */
  body(event: string): string;
  /** Reads the answer, parsed from JSON; throws where it is none. */
  verdict(answer: unknown): Verdict;
}

/** Open Inference Protocol v2: the same bytes to whoever speaks it. */
export const PROTOCOL_ROUTE: Route = {
  title: "Open Inference Protocol",
  path: "/v2/models/shuttle/infer",
  body(event) {
    const data = Object.values(JSON.parse(event));
    return JSON.stringify({ inputs: [{ name: "X", shape: [1, data.length], datatype: "FP32", data }] });
  },
  verdict(answer) {
    const outputs = arrayIn(objectOf(answer).outputs).map(objectOf);
    const numbersOf = (name: string) => numbers(outputs.find((output) => output.name === name)?.data);
    const [label] = numbersOf("label");
    return verdictOf(label, numbersOf("probabilities"));
  },
};

/** An event and its answer as plain objects, at a path that each server has its own. */
export function eventRoute(path: string): Route {
  return {
    title: `event to ${path}`,
    path,
    body: (event) => event,
    verdict(answer) {
      const { label, probabilities } = objectOf(answer);
      return verdictOf(label, numbers(probabilities));
    },
  };
}

function verdictOf(label: unknown, probabilities: readonly number[]): Verdict {
  if (typeof label !== "number" || probabilities.length !== 2) {
    throw new TypeError(
      `Cannot read an answer whose label is ${label} and whose values are ${probabilities}`,
    );
  }
  return { label, probabilities };
}

function numbers(value: unknown): number[] {
  return arrayIn(value).flat().filter((each) => typeof each === "number");
}

function arrayIn(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`Cannot read an answer with ${JSON.stringify(value)}`);
  return value;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(`Cannot read the answer ${JSON.stringify(value)}`);
  }
  return Object.fromEntries(Object.entries(value));
}
