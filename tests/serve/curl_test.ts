/** curl, as people use it: one event, and a stream whose answers come while it is still being sent. */
import assert from "node:assert/strict";
import { writeBackendProject } from "../helpers/backend_project.ts";
import { programs } from "../helpers/packflow_run.ts";
import { PackflowServe } from "../helpers/packflow_serve.ts";

const EVENTS = 200_000;

async function hasCurl(): Promise<boolean> {
  try {
    return (await new Deno.Command("curl", { args: ["--version"], stdout: "null" }).output()).success;
  } catch {
    return false;
  }
}

/** A curl that sends what it is given, when it is given, and shows what comes when it comes. */
class StreamingCurl {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;
  #text = "";

  constructor(url: string) {
    const stream = ["--no-buffer", "--upload-file", ".", "--request", "POST", "--header", "Expect:"];
    const type = ["--header", "Content-Type: application/x-ndjson"];
    this.#child = new Deno.Command("curl", {
      args: ["--silent", "--show-error", "--fail-with-body", ...stream, ...type, url],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  send(text: string): Promise<void> {
    return this.#input.write(new TextEncoder().encode(text));
  }

  async line(): Promise<string> {
    while (!this.#text.includes("\n")) {
      const { done, value } = await this.#output.read();
      assert.ok(!done, `ended with ${this.#text}`);
      this.#text += value;
    }
    const end = this.#text.indexOf("\n");
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 1);
    return line;
  }

  /** Sends the last of the input; answers the rest of the output, which is read meanwhile. */
  async end(text: string): Promise<string> {
    const [rest] = await Promise.all([this.#rest(), this.send(text).then(() => this.#input.close())]);
    return rest;
  }

  async #rest(): Promise<string> {
    for (;;) {
      const { done, value } = await this.#output.read();
      if (done) break;
      this.#text += value;
    }
    assert.equal((await this.#child.status).code, 0);
    return this.#text;
  }
}

const ignore = !await hasCurl();
if (ignore && Deno.env.get("CI") === "true") throw new Error("curl must be there");
for (const program of await programs()) {
  Deno.test({
    name: `curl gets the answer to one event and to an array (${program.name})`,
    ignore,
    async fn() {
      await using project = await writeBackendProject();
      await using server = await PackflowServe.ready(program, [project.folder]);
      for (const path of ["/invocations", "/models/double/invocations"]) {
        for (const [body, wanted] of [['{"x":4}', { y: 8 }], ['[{"x":1},{"x":2}]', [{ y: 2 }, { y: 4 }]]]) {
          const args = ["--silent", "--json", String(body), server.url + path];
          const { stdout } = await new Deno.Command("curl", { args }).output();
          assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), wanted);
        }
      }
    },
  });

  Deno.test({
    name: `curl gets each answer of a stream before it sends the next event (${program.name})`,
    ignore,
    async fn() {
      await using project = await writeBackendProject();
      await using server = await PackflowServe.ready(program, [project.folder]);
      const curl = new StreamingCurl(`${server.url}/invocations`);
      for (const x of [1, 2, 3]) {
        await curl.send(`{"x":${x}}\n`);
        assert.equal(await curl.line(), `{"y":${2 * x}}`);
      }
      const [broken, last, ...more] = (await curl.end('{"x":4\n{"x":5}')).split("\n");
      assert.equal(JSON.parse(broken ?? "").error.code, "event.invalid_json");
      assert.deepEqual([last, more], ['{"y":10}', [""]]);
    },
  });

  Deno.test({
    name: `curl gets ${EVENTS} answers to as many events, in order (${program.name})`,
    ignore,
    async fn() {
      await using project = await writeBackendProject();
      await using server = await PackflowServe.ready(program, [project.folder]);
      const curl = new StreamingCurl(`${server.url}/invocations`);
      const events = Array.from({ length: EVENTS }, (_, x) => `{"x":${x}}\n`).join("");
      assert.equal(
        await curl.end(events),
        Array.from({ length: EVENTS }, (_, x) => `{"y":${2 * x}}\n`).join(""),
      );
    },
  });
}
