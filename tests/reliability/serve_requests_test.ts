/** Requests that are too much, or that are no HTTP. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { figure } from "../helpers/echo_run.ts";
import { gzip } from "../helpers/gzip.ts";
import { canTellMemory, childrenOf, memoryOf } from "../helpers/linux_memory.ts";
import { type Program, programs } from "../helpers/packflow_run.ts";
import { currentPrograms, PackflowServe } from "../helpers/packflow_serve.ts";
import { type RawAnswer, rawExchange } from "../helpers/raw_http.ts";
import { writeObedientProject } from "../helpers/serve_project.ts";

const MIB = 1024 * 1024;
const LIMIT = MIB;
const HEAD = "POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
/** A good request, after which the server closes the connection. */
const GOOD = `${HEAD}Connection: close\r\nContent-Length: 8\r\n\r\n{"id":1}`;

/** An event of so many bytes. */
function eventOf(bytes: number): string {
  const start = '{"id":7,"filler":"';
  return `${start}${"x".repeat(bytes - start.length - 2)}"}`;
}

function withLength(body: string | Uint8Array, more = ""): [string, string | Uint8Array] {
  return [`${HEAD}${more}Connection: close\r\nContent-Length: ${body.length}\r\n\r\n`, body];
}

function* chunks(body: string, size = 65_536): Generator<string> {
  for (let at = 0; at < body.length; at += size) {
    const part = body.slice(at, at + size);
    yield `${part.length.toString(16)}\r\n${part}\r\n`;
  }
}

interface TooMuch {
  readonly parts: readonly (string | Uint8Array)[];
  readonly statuses: readonly number[];
}

function tooMuch(): Record<string, TooMuch> {
  const chunked = `${HEAD}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const bomb = gzip("\0".repeat(64 * MIB));
  return {
    "a body at the limit": { parts: withLength(eventOf(LIMIT)), statuses: [200] },
    "one byte more": { parts: withLength(eventOf(LIMIT + 1)), statuses: [413] },
    "a body at the limit in chunks": {
      parts: [chunked, ...chunks(eventOf(LIMIT)), "0\r\n\r\n"],
      statuses: [200],
    },
    "64 times more in chunks": { parts: [chunked, ...chunks(eventOf(64 * LIMIT))], statuses: [413] },
    "10 TiB announced": { parts: [`${HEAD}Content-Length: ${10 * 1024 ** 4}\r\n\r\n`], statuses: [413] },
    "64 MiB packed": { parts: withLength(bomb, "Content-Encoding: gzip\r\n"), statuses: [415] },
    "100,000 headers": {
      parts: [HEAD, Array.from({ length: 100_000 }, (_, index) => `X-${index}: y\r\n`).join(""), "\r\n"],
      statuses: [400, 431],
    },
    "a URL of 1 MiB": {
      parts: [`GET /v2/models/${"x".repeat(MIB)} HTTP/1.1\r\nHost: localhost\r\n\r\n`],
      statuses: [400, 414, 431],
    },
  };
}

/** Most memory of the server's own process and of its workers so far, in MiB. */
async function peaksOf(server: PackflowServe): Promise<number> {
  const pids = [server.pid, ...await childrenOf(server.pid)];
  const peaks = await Promise.all(pids.map(async (pid) => (await memoryOf(pid)).peak));
  return peaks.reduce((sum, peak) => sum + peak, 0);
}

/** A server may close a connection on which more comes than it reads, and then the answer may not get through. */
function isRefused({ statuses, closed }: RawAnswer, expected: readonly number[]): boolean {
  const [status] = statuses;
  return closed && statuses.length <= 1 && (status === undefined || expected.includes(status));
}

async function refusals(program: Program, folder: string): Promise<void> {
  const args = [folder, "--workers", "1", "--max-body", String(LIMIT)];
  await using server = await PackflowServe.ready(program, args);
  strictEqual((await rawExchange(server.port, GOOD)).statuses[0], 200);
  const before = canTellMemory ? await peaksOf(server) : 0;
  const wrong: string[] = [];
  const cases = Object.entries(tooMuch());
  for (const [name, { parts, statuses }] of cases) {
    const answer = await rawExchange(server.port, ...parts);
    const isRight = statuses[0] === 200 ? answer.statuses[0] === 200 : isRefused(answer, statuses);
    if (!isRight) wrong.push(`${name}: ${answer.statuses} ${answer.text.slice(0, 300)}`);
    const after = await rawExchange(server.port, GOOD);
    deepStrictEqual([after.statuses, after.text.endsWith('{"id":1}')], [[200], true], name);
  }
  const grown = canTellMemory ? await peaksOf(server) - before : 0;
  figure(
    `H1 too much (${program.name}): ${
      cases.length - wrong.length
    } of ${cases.length} as they should be, memory ` +
      `at most ${grown.toFixed(0)} MiB more`,
  );
  strictEqual(wrong.join("\n"), "");
  ok(grown < 64, `${grown} MiB`);
}

const BODY = '{"id":1}';
const SMUGGLED = "GET /v2 HTTP/1.1\r\nHost: localhost\r\n\r\n";
/** Requests that two servers could read in two ways; each is followed by nothing. */
const MALFORMED: Record<string, string> = {
  "length and chunks": `${HEAD}Content-Length: 8\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  "two lengths": `${HEAD}Content-Length: 8\r\nContent-Length: 9\r\n\r\n${BODY}`,
  "a list of lengths": `${HEAD}Content-Length: 8, 9\r\n\r\n${BODY}`,
  "a length with a sign": `${HEAD}Content-Length: +8\r\n\r\n${BODY}`,
  "a chunk of no size": `${HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n${BODY}\r\n0\r\n\r\n`,
  "a chunk longer than it says": `${HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\n${BODY}\r\n0\r\n\r\n`,
  "an unknown encoding": `${HEAD}Transfer-Encoding: xchunked\r\n\r\n8\r\n${BODY}\r\n0\r\n\r\n`,
  "no host": `POST /invocations HTTP/1.1\r\nContent-Length: 8\r\n\r\n${BODY}`,
  "two hosts": `${HEAD}Host: example.com\r\nConnection: close\r\nContent-Length: 8\r\n\r\n${BODY}`,
  "lines that end in LF alone": `${HEAD}Content-Length: 8\r\n\r\n${BODY}`.replaceAll("\r\n", "\n"),
  "a line of headers folded": `${HEAD}X-A: b\r\n c\r\nContent-Length: 8\r\n\r\n${BODY}`,
  "a space before the colon": `${HEAD}Content-Length : 8\r\n\r\n${BODY}`,
  "NUL in a header": `${HEAD}X-A: b\0c\r\nContent-Length: 8\r\n\r\n${BODY}`,
  "HTTP/0.9": "GET /v2\r\n\r\n",
  "no HTTP at all": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
};

async function malformed(program: Program, folder: string): Promise<void> {
  await using server = await PackflowServe.ready(program, [folder, "--workers", "1"]);
  const wrong: string[] = [];
  const cases = Object.entries(MALFORMED);
  for (const [name, text] of cases) {
    const answer = await rawExchange(server.port, text);
    const [status, ...more] = answer.statuses;
    const isRefused = status === undefined || (status >= 400 && status < 500);
    if (!isRefused || more.length > 0) {
      wrong.push(`${name}: ${answer.statuses} ${answer.text.slice(0, 300)}`);
    }
  }
  // Two good requests in one write are no fault: each has its own answer, in order.
  const [first, second] = [GOOD.replace("Connection: close\r\n", ""), GOOD.replace('"id":1', '"id":2')];
  const piped = await rawExchange(server.port, first + second);
  deepStrictEqual(piped.statuses, [200, 200]);
  deepStrictEqual(piped.text.match(/\{"id":\d\}/g), ['{"id":1}', '{"id":2}']);
  figure(
    `H3 malformed (${program.name}): ${wrong.length} of ${cases.length} answered, 2 of 2 piped in order`,
  );
  strictEqual(wrong.join("\n"), "");
}

for (const program of await programs()) {
  Deno.test(`H1: what is too much is refused before it is held (${program.name})`, async () => {
    await using project = await writeObedientProject();
    await refusals(program, project.folder);
  });
}

for (const program of await currentPrograms()) {
  Deno.test(`H3: what is no HTTP is not answered as if it were (${program.name})`, async () => {
    await using project = await writeObedientProject();
    await malformed(program, project.folder);
  });
}
