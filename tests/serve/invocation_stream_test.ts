import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { request } from "node:http";
import { writeObedientProject } from "../helpers/serve_project.ts";
import { eventually } from "../helpers/eventually.ts";
import { type LocalServer, serveHere } from "../helpers/local_server.ts";

/** A stream that is still being sent. */
function openStream({ server }: LocalServer) {
  const text: string[] = [];
  let heard = () => {};
  const ended = Promise.withResolvers<string>();
  const sender = request(`${server.url}/invocations`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
  }, (response) => {
    response.setEncoding("utf-8");
    response.on("data", (chunk: string) => {
      text.push(chunk);
      heard();
    });
    response.on("end", () => ended.resolve(text.join("")));
    response.on("error", ended.reject);
  });
  sender.on("error", ended.reject);
  return {
    sender,
    ended: ended.promise,
    async until(part: string): Promise<void> {
      while (!text.join("").includes(part)) await new Promise<void>((resolve) => heard = resolve);
    },
  };
}

Deno.test("an event is answered while the stream is open", async () => {
  await using project = await writeObedientProject();
  await using here = await serveHere([project.folder]);
  const stream = openStream(here);
  stream.sender.write('{"id":1}\n{"id"');
  await stream.until('{"id":1}\n');
  stream.sender.write(":2}\r\n\n");
  await stream.until('{"id":2}\n');
  stream.sender.end('{"id":3}');
  strictEqual(await stream.ended, '{"id":1}\n{"id":2}\n{"id":3}\n');
});

Deno.test("many events come back in order, those that fail in their place", async () => {
  await using project = await writeObedientProject();
  await using here = await serveHere([project.folder], { workers: 2, bodyLimit: 100 });
  const stream = openStream(here);
  const lines = Array.from(
    { length: 3000 },
    (_, id) =>
      id % 1000 === 7 ? '{"fail":true}' : id % 1000 === 8 ? `{"id":"${"x".repeat(200)}"}` : `{"id":${id}}`,
  );
  stream.sender.end(lines.map((line) => `${line}\n`).join(""));
  const answers = (await stream.ended).trimEnd().split("\n").map((line) => JSON.parse(line));
  strictEqual(answers.length, lines.length);
  for (const [id, answer] of answers.entries()) {
    if (id % 1000 === 7) strictEqual(answer.error.code, "backend.hook_failed");
    else if (id % 1000 === 8) strictEqual(answer.error.code, "event.too_large");
    else deepStrictEqual(answer, { id });
  }
});

Deno.test("a reader that leaves costs nothing more", async () => {
  await using project = await writeObedientProject();
  await using here = await serveHere([project.folder]);
  const stream = openStream(here);
  stream.ended.catch(() => {});
  stream.sender.write('{"id":1}\n');
  await stream.until('{"id":1}\n');
  stream.sender.destroy();
  strictEqual((await here.post("/invocations", '{"id":2}')).text, '{"id":2}');
  const done = () => here.log.filter(({ path }) => path === "/invocations").length;
  await eventually("both answers are logged", () => done() === 2);
  deepStrictEqual(
    here.log.map(({ path, rows }) => [path, rows]).filter(([path]) => path === "/invocations"),
    [
      ["/invocations", 1],
      ["/invocations", 1],
    ],
  );
});
