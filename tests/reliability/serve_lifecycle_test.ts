/** A server that starts, stops, and loses what works for it. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { backendWith, writeBackendProject } from "../helpers/backend_project.ts";
import { figure } from "../helpers/echo_run.ts";
import { eventually } from "../helpers/eventually.ts";
import { childrenOf } from "../helpers/linux_memory.ts";
import { type Program, programs } from "../helpers/packflow_run.ts";
import { PackflowServe } from "../helpers/packflow_serve.ts";
import { RawConnection } from "../helpers/raw_http.ts";
import { writeObedientProject } from "../helpers/serve_project.ts";

const REQUESTS = 100;
const isLinux = Deno.build.os === "linux";

async function readiness(server: PackflowServe): Promise<[ready: number, live: number]> {
  return [(await server.get("/v2/health/ready")).status, (await server.get("/v2/health/live")).status];
}

async function drain(program: Program, folder: string): Promise<void> {
  await using server = await PackflowServe.ready(program, [folder, "--workers", "2"]);
  const hold = `${folder}/go.txt`;
  const answers = Array.from({ length: REQUESTS }, (_, id) => {
    return server.post("/invocations", JSON.stringify({ id, hold }));
  });
  await server.untilPending(REQUESTS);
  const start = performance.now();
  server.signal("SIGTERM");
  await untilRefused(server.port);
  await Deno.writeTextFile(hold, "");
  const dropped: string[] = [];
  for (const [id, answer] of (await Promise.allSettled(answers)).entries()) {
    if (answer.status === "fulfilled" && answer.value.text === `{"id":${id}}`) continue;
    dropped.push(
      answer.status === "fulfilled" ? `${answer.value.status} ${answer.value.text}` : `${answer.reason}`,
    );
  }
  const { code, signal, errors } = await server.ended;
  const ms = performance.now() - start;
  const refused = await server.get("/v2").then(() => false, () => true);
  figure(
    `H4 SIGTERM (${program.name}): ${dropped.length} dropped of ${REQUESTS} in flight, ended after ${
      ms.toFixed(0)
    } ms`,
  );
  strictEqual(dropped.join("\n"), "", errors);
  deepStrictEqual([code, signal, refused], [0, null, true], errors);
}

/** A backend that loads for as long as a file is not there. */
function waitingFor(file: string): string {
  return backendWith("return events;").replace(
    "count = 0;",
    `override async initialize() {
    while (await Deno.stat(${JSON.stringify(file)}).then(() => false, () => true)) {
      await new Promise((later) => setTimeout(later, 10));
    }
  }`,
  );
}

async function readyWithWorker(program: Program): Promise<void> {
  await using project = await writeBackendProject();
  const go = `${project.folder}/go.txt`;
  await Deno.writeTextFile(`${project.folder}/inference.ts`, waitingFor(go));
  await using server = await PackflowServe.listening(program, [project.folder, "--workers", "1"]);
  deepStrictEqual(await readiness(server), [503, 200], "while it loads");
  strictEqual((await server.get("/v2/models/double/ready")).status, 503);
  strictEqual((await server.post("/invocations", '{"id":1}')).status, 503);
  await Deno.writeTextFile(go, "");
  await server.until("/v2/health/ready", 200);
  strictEqual((await server.post("/invocations", '{"id":1}')).text, '{"id":1}');
  await Deno.remove(go);
  for (const pid of await childrenOf(server.pid)) Deno.kill(pid, "SIGKILL");
  await server.until("/v2/health/ready", 503);
  deepStrictEqual(await readiness(server), [503, 200], "without a worker");
  await Deno.writeTextFile(go, "");
  await server.until("/v2/health/ready", 200);
  strictEqual((await server.post("/invocations", '{"id":9}')).text, '{"id":9}');
}

/** While it drains, new connections are refused; over those there are, it says that it is not ready. */
async function readyWhileDraining(program: Program, folder: string): Promise<void> {
  await using server = await PackflowServe.ready(program, [folder, "--workers", "1"]);
  using probe = await RawConnection.open(server.port);
  await probe.send("POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\n");
  const hold = `${folder}/go.txt`;
  const answer = server.post("/invocations", JSON.stringify({ id: 5, hold }));
  await server.untilPending(1);
  server.signal("SIGTERM");
  await untilRefused(server.port);
  await probe.send('{"id":6}GET /v2/health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await Deno.writeTextFile(hold, "");
  strictEqual((await answer).text, '{"id":5}');
  const { statuses } = await probe.readToEnd();
  strictEqual(statuses[0], 200);
  ok(statuses[1] === undefined || statuses[1] === 503, `${statuses}`);
  strictEqual((await server.ended).code, 0);
}

async function untilRefused(port: number): Promise<void> {
  await eventually("connections are refused", async () => {
    try {
      using _connection = await RawConnection.open(port);
      return false;
    } catch {
      return true;
    }
  });
}

/** A model that cannot be loaded ends the server: whoever started it hears of it. */
async function neverReady(program: Program): Promise<void> {
  const failing = backendWith("return events;").replace(
    "count = 0;",
    'override initialize() { throw new Error("no weights"); }',
  );
  await using project = await writeBackendProject({ "inference.ts": failing });
  await using server = await PackflowServe.listening(program, [project.folder, "--workers", "1"]);
  const statuses: number[] = [];
  await eventually("the server ends", async () => {
    const status = await server.get("/v2/health/ready").then((answer) => answer.status, () => undefined);
    if (status !== undefined) statuses.push(status);
    return status === undefined;
  });
  const { code, errors } = await server.ended;
  deepStrictEqual([code, statuses.filter((status) => status !== 503)], [4, []], errors);
  match(errors, /no weights/);
}

async function lostWorker(program: Program, folder: string): Promise<void> {
  await using server = await PackflowServe.ready(program, [folder, "--workers", "1"]);
  const answers = await Promise.all(Array.from({ length: REQUESTS }, (_, id) => {
    return server.post("/invocations", JSON.stringify(id === 41 ? { id, exit: true } : { id }));
  }));
  const start = performance.now();
  strictEqual((await server.post("/invocations", '{"id":1}')).text, '{"id":1}');
  const ms = performance.now() - start;
  const lost = answers.flatMap(({ status, text }, id) =>
    status === 200 && text === `{"id":${id}}` ? [] : [{ id, status, text }]
  );
  figure(
    `H7 lost worker (${program.name}): ${lost.length} lost of ${REQUESTS} (${
      lost.map(({ status }) => status)
    }), ` +
      `the next answered after ${ms.toFixed(0)} ms`,
  );
  deepStrictEqual(lost.map(({ id, status }) => [id, status]), [[41, 502]]);
  match(lost[0]?.text ?? "", /"code":"worker\.exited"/);
}

for (const program of await programs()) {
  Deno.test({
    name: `H4: SIGTERM lets every request under way be answered, then ends with 0 (${program.name})`,
    ignore: !isLinux,
    async fn() {
      await using project = await writeObedientProject();
      await drain(program, project.folder);
    },
  });

  Deno.test({
    name: `H5: a server says that it is ready only while it can answer (${program.name})`,
    ignore: !isLinux,
    async fn() {
      await using project = await writeObedientProject();
      await readyWithWorker(program);
      await neverReady(program);
      await readyWhileDraining(program, project.folder);
      figure(
        `H5 readiness (${program.name}): 503 while loading, after a failed load, draining and ` +
          "without a worker",
      );
    },
  });

  Deno.test(`H7: a worker that ends fails one request of those it had (${program.name})`, async () => {
    await using project = await writeObedientProject();
    await lostWorker(program, project.folder);
  });
}
