import { isSameAnswer } from "./compare_answers.ts";
import type { LoadResult, LoadTool } from "./load_tool.ts";
import type { Contestant } from "./serve_contestants.ts";
import type { Route, Verdict } from "./serve_routes.ts";
import { freePort, ServerProcess } from "./server_process.ts";
import { type Spread, spreadOf } from "./statistics.ts";

/** Numbers of connections that are kept busy. */
export const CONNECTIONS = [1, 16, 64] as const;
const WARM_UP_SECONDS = 3;
/** Connections with which a server warms up and its settings are chosen. */
const USUAL = 16;

/** How to measure. */
export interface ServeJob {
  readonly tool: LoadTool;
  /** Lines of events to send in turn, and what must come of them. */
  readonly events: readonly string[];
  readonly expected: readonly unknown[];
  readonly repetitions: number;
  /** Of one load. */
  readonly seconds: number;
  readonly folder: string;
}

/** One server asked in one way over so many connections. */
export interface ServeCase {
  readonly server: string;
  readonly route: string;
  readonly connections: number;
  readonly perSecond: Spread;
  /** Milliseconds. */
  readonly p50: Spread;
  readonly p99: Spread;
  /** To how many rows the server was told to merge requests; absent for defaults. */
  readonly batch?: number;
}

/** A server that takes part, with the setting that suits it best. */
interface Entrant {
  readonly contestant: Contestant;
  readonly batch: number | undefined;
  readonly results: Map<string, LoadResult[]>;
}

/**
 * Compares the answers of all servers with those expected, then loads one server after the other, each started anew
 * in every repetition.
 *
 * @throws {Error} naming the server and the event whose answer is another.
 */
export async function measureServe(contestants: readonly Contestant[], job: ServeJob): Promise<ServeCase[]> {
  const entrants: Entrant[] = [];
  for (const contestant of contestants) {
    entrants.push({ contestant, batch: await bestBatch(contestant, job), results: new Map() });
  }
  for (let repetition = 0; repetition < job.repetitions; repetition++) {
    for (const entrant of entrants) await repeat(entrant, job);
  }
  return entrants.flatMap(casesOf);
}

/** Compares the answers with each setting; of several settings the one with the highest rate. */
async function bestBatch(contestant: Contestant, job: ServeJob): Promise<number | undefined> {
  let best: number | undefined;
  let highest = 0;
  const [route] = contestant.routes;
  const choices = contestant.batches.length === 0 ? [undefined] : contestant.batches;
  for (const batch of choices) {
    await withServer(contestant, batch, async (origin) => {
      for (const each of contestant.routes) {
        await compare({ origin, route: each, name: contestant.name }, job);
      }
      if (route === undefined || choices.length === 1) return;
      await load(origin, route, { ...job, connections: USUAL, seconds: WARM_UP_SECONDS });
      const { perSecond } = await load(origin, route, { ...job, connections: USUAL });
      if (perSecond > highest) [best, highest] = [batch, perSecond];
    });
  }
  return best;
}

async function repeat({ contestant, batch, results }: Entrant, job: ServeJob): Promise<void> {
  await withServer(contestant, batch, async (origin) => {
    for (const route of contestant.routes) {
      await load(origin, route, { ...job, connections: USUAL, seconds: WARM_UP_SECONDS });
      for (const connections of CONNECTIONS) {
        const result = await load(origin, route, { ...job, connections });
        const key = keyOf(route, connections);
        results.set(key, [...results.get(key) ?? [], result]);
      }
    }
  });
}

async function withServer(
  contestant: Contestant,
  batch: number | undefined,
  use: (origin: string) => Promise<void>,
): Promise<void> {
  const port = freePort();
  const origin = `http://127.0.0.1:${port}`;
  const [route] = contestant.routes;
  if (route === undefined) throw new Error(`Cannot measure "${contestant.name}" as it must have a route`);
  const answers = async () => {
    const body = route.body(SOME_EVENT);
    const response = await post(`${origin}${route.path}`, body);
    await response.body?.cancel();
    return response.ok;
  };
  await using _server = await ServerProcess.start(contestant.command(port, batch), answers);
  await use(origin);
}

const SOME_EVENT = '{"f1":50,"f2":21,"f3":77,"f4":0,"f5":28,"f6":0,"f7":27,"f8":48,"f9":22}';

async function compare(
  { origin, route, name }: { origin: string; route: Route; name: string },
  { events, expected }: ServeJob,
): Promise<void> {
  for (const [index, event] of events.entries()) {
    const response = await post(`${origin}${route.path}`, route.body(event));
    const text = await response.text();
    const want = expected[index];
    const verdict: Verdict | undefined = response.ok ? route.verdict(JSON.parse(text)) : undefined;
    if (isSameAnswer(verdict, want)) continue;
    throw new Error(`${name} must answer ${event} with ${JSON.stringify(want)}: it says ${text}`);
  }
}

function post(url: string, body: string): Promise<Response> {
  return fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } });
}

function load(
  origin: string,
  route: Route,
  { tool, events, ...rest }: Pick<ServeJob, "tool" | "events" | "seconds" | "folder"> & {
    connections: number;
  },
): Promise<LoadResult> {
  const { connections, seconds, folder } = rest;
  const bodies = events.map((event) => route.body(event));
  return tool.run({ url: `${origin}${route.path}`, bodies, connections, seconds, folder });
}

function keyOf(route: Route, connections: number): string {
  return `${route.path} ${connections}`;
}

function casesOf({ contestant, batch, results }: Entrant): ServeCase[] {
  return contestant.routes.flatMap((route) =>
    CONNECTIONS.map((connections) => {
      const measured = results.get(keyOf(route, connections)) ?? [];
      return {
        server: contestant.name,
        route: route.title,
        connections,
        perSecond: spreadOf(measured.map(({ perSecond }) => perSecond)),
        p50: spreadOf(measured.map(({ p50 }) => p50)),
        p99: spreadOf(measured.map(({ p99 }) => p99)),
        ...(batch === undefined ? {} : { batch }),
      };
    })
  );
}
