/** Clients that take their time, with or without intent. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { figure } from "../helpers/echo_run.ts";
import { canTellMemory, memoryOf } from "../helpers/linux_memory.ts";
import type { Program } from "../helpers/packflow_run.ts";
import { currentPrograms, PackflowServe } from "../helpers/packflow_serve.ts";
import { RawConnection } from "../helpers/raw_http.ts";
import { writeObedientProject } from "../helpers/serve_project.ts";

const MIB = 1024 * 1024;
/** A byte of each slow client so often: fast enough that no pause between two of them is what ends it. */
const DRIP_MS = 500;
/** Time in which the slowest of them must be cut: a request may take 30 s. */
const CUT_MS = 40_000;
const GOOD_CLIENTS = 50;
const PAUSE_MS = 100;

const HEAD = "POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
const STREAM = "POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n";

/** What a slow client sends at once, and what byte by byte, for ever. */
interface Slow {
  readonly count: number;
  readonly start: string;
  readonly drip: string;
}

const SLOW: Record<string, Slow> = {
  "headers": { count: 200, start: HEAD, drip: "X-A: b\r\n" },
  "body": { count: 200, start: `${HEAD}Content-Length: 100000\r\n\r\n{"id":"`, drip: "x" },
  "silent": { count: 50, start: "", drip: "" },
  "half a line": { count: 50, start: "GET /v2/he", drip: "" },
};

/** Drips until the server closes the connection; answers after how long. */
async function dripping(port: number, { start, drip }: Slow): Promise<number> {
  using connection = await RawConnection.open(port);
  await connection.send(start);
  const timer = drip === "" ? undefined : setInterval(() => connection.send(drip), DRIP_MS);
  const over = setTimeout(() => connection.close(), CUT_MS);
  const { ms } = await connection.readToEnd();
  clearInterval(timer);
  clearTimeout(over);
  return ms;
}

/** Sends requests with pauses until told to stop; answers how long each took and how many failed. */
async function goodClient(server: PackflowServe, signal: AbortSignal, times: number[]): Promise<number> {
  let failed = 0;
  for (let id = 0; !signal.aborted; id++) {
    const start = performance.now();
    const answer = await server.post("/invocations", `{"id":${id}}`).catch(() => undefined);
    times.push(performance.now() - start);
    if (answer?.text !== `{"id":${id}}`) failed++;
    await new Promise((later) => setTimeout(later, PAUSE_MS));
  }
  return failed;
}

/** Has the good clients ask until some work is done; p99 of their times, and how many requests failed of how many. */
async function meanwhile(
  server: PackflowServe,
  work: Promise<unknown>,
): Promise<{ p99: number; failed: number; asked: number }> {
  const controller = new AbortController();
  const times: number[] = [];
  const clients = Array.from({ length: GOOD_CLIENTS }, () => goodClient(server, controller.signal, times));
  await work;
  controller.abort();
  const failed = (await Promise.all(clients)).reduce((sum, each) => sum + each, 0);
  times.sort((a, b) => a - b);
  return { p99: times[Math.floor(times.length * 0.99)] ?? NaN, failed, asked: times.length };
}

async function slowClients(program: Program, folder: string): Promise<void> {
  await using server = await PackflowServe.ready(program, [folder, "--workers", "1"]);
  const calm = await meanwhile(server, new Promise((later) => setTimeout(later, 3000)));
  const slow = Object.entries(SLOW).flatMap(([name, each]) =>
    Array.from({ length: each.count }, async () => ({ name, ms: await dripping(server.port, each) }))
  );
  const busy = await meanwhile(server, Promise.all(slow));
  const ends = await Promise.all(slow);
  const late = ends.filter(({ ms }) => ms >= CUT_MS);
  const longest = Object.keys(SLOW).map((name) => {
    const seconds = Math.max(...ends.filter((end) => end.name === name).map(({ ms }) => ms)) / 1000;
    return `${name} ${seconds.toFixed(1)} s`;
  });
  figure(
    `H2 slow clients (${program.name}): ${late.length} of ${ends.length} not cut in time (${
      longest.join(", ")
    }); ` +
      `${busy.failed} of ${busy.asked} good requests failed, p99 ${busy.p99.toFixed(1)} ms, ` +
      `${calm.p99.toFixed(1)} ms before`,
  );
  deepStrictEqual([...new Set(late.map(({ name }) => name))], []);
  deepStrictEqual([calm.failed, busy.failed], [0, 0]);
  // What a busy machine adds is not the server's.
  ok(busy.p99 < Math.max(2 * calm.p99, 100), `${busy.p99} ms, ${calm.p99} ms before`);
}

/** Sends events for ever and reads no answer; answers how much was taken when nothing more is. */
async function untilStalled(connection: RawConnection): Promise<number> {
  const body = `{"id":"${"x".repeat(1000)}"}\n`.repeat(64);
  const chunk = `${body.length.toString(16)}\r\n${body}\r\n`;
  let taken = 0;
  let quiet = 0;
  let pending: Promise<boolean> | undefined;
  while (quiet < 20 && taken < 512 * MIB) {
    pending ??= connection.send(chunk);
    const sent = await Promise.race([pending, new Promise<"wait">((later) => setTimeout(later, 50, "wait"))]);
    if (sent === false) break;
    if (sent === true) {
      taken += body.length;
      pending = undefined;
    }
    quiet = sent === true ? 0 : quiet + 1;
  }
  return taken;
}

async function slowReader(program: Program, folder: string): Promise<void> {
  await using server = await PackflowServe.ready(program, [folder, "--workers", "1"]);
  using connection = await RawConnection.open(server.port);
  const before = canTellMemory ? (await memoryOf(server.pid)).now : 0;
  await connection.send(`${STREAM}Transfer-Encoding: chunked\r\n\r\n`);
  const taken = await untilStalled(connection);
  const grown = canTellMemory ? (await memoryOf(server.pid)).now - before : 0;
  // It is that one connection alone that waits.
  strictEqual((await server.post("/invocations", '{"id":3}')).text, '{"id":3}');
  figure(
    `H2 slow reader (${program.name}): ${
      (taken / MIB).toFixed(1)
    } MiB taken while nothing of the answer was read, ` +
      `memory ${grown.toFixed(0)} MiB more`,
  );
  ok(taken < 64 * MIB, `${taken / MIB} MiB`);
  ok(grown < 128, `${grown} MiB`);
}

for (const program of await currentPrograms()) {
  Deno.test(`H2: slow clients are cut and hold nobody up (${program.name})`, async () => {
    await using project = await writeObedientProject();
    await slowClients(program, project.folder);
  });

  Deno.test(`H2: a stream whose answers nobody reads is not read on (${program.name})`, async () => {
    await using project = await writeObedientProject();
    await slowReader(program, project.folder);
  });
}
