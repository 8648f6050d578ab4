/** A project that tries to reach what it should not. Each event names a probe; a result with `got` is a leak. */
import { InferenceBackend, type JsonObject, type Records } from "packflow";
import { Buffer } from "node:buffer";
import childProcess from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import os from "node:os";
import process from "node:process";
import { Worker as Thread } from "node:worker_threads";

/** Where the things lie that no probe may get at. */
interface Target {
  /** A folder outside with secret.txt, secret.json and secret.js. */
  readonly outside: string;
  /** Address of an HTTP server that answers with the secret. */
  readonly url: string;
  /** Process that started the worker. */
  readonly parent: number;
}

type Probe = (target: Target) => unknown;

const secretUrl = ({ outside }: Target, file: string) => `file://${outside}/${file}`;
const dataModule = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
const port = ({ url }: Target) => Number(new URL(url).port);
const here = (file: string) => new URL(`./${file}`, import.meta.url);

/** Resolves with the first message of a worker. */
function workerSays(code: string, options: Record<string, unknown> = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(dataModule(code), { type: "module", ...options } as WorkerOptions);
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
  });
}

const readInWorker = (target: Target) =>
  `try { postMessage(Deno.readTextFileSync(${JSON.stringify(`${target.outside}/secret.txt`)})); } ` +
  "catch (error) { queueMicrotask(() => { throw error; }); }";

/** An import that the bundler, which refuses computed names, does not see. */
const importAny: (specifier: string) => Promise<Record<string, (...args: unknown[]) => unknown>> =
  new Function(
    "specifier",
    "return import(specifier)",
  ) as typeof importAny;

/** An import with attributes that the bundler does not see. */
async function importAs(url: string, type: string): Promise<unknown> {
  const { load } = await importAny(
    dataModule("export const load = (url, type) => import(url, { with: { type } });"),
  );
  return await load?.(url, type);
}

const PROBES: Record<string, Probe> = {
  "files: import as text": (t) => importAs(secretUrl(t, "secret.txt"), "text"),
  "files: import as bytes": (t) => importAs(secretUrl(t, "secret.txt"), "bytes"),
  "files: import as JSON": (t) => importAs(secretUrl(t, "secret.json"), "json"),
  "files: import as module": (t) => importAny(secretUrl(t, "secret.js")),
  "files: static import in a data: module": (t) =>
    importAny(dataModule(`export { default } from ${JSON.stringify(secretUrl(t, "secret.js"))};`)),
  "files: static text import in a data: module": (t) =>
    importAny(
      dataModule(
        `import x from ${JSON.stringify(secretUrl(t, "secret.txt"))} with { type: "text" }; export { x };`,
      ),
    ),
  "files: import through a link": () => importAny(here("link.js").href),
  "files: import text through a link": () => importAs(here("link.txt").href, "text"),
  "files: Deno.readTextFile": (t) => Deno.readTextFile(`${t.outside}/secret.txt`),
  "files: Deno.readFileSync": (t) => Deno.readFileSync(`${t.outside}/secret.txt`),
  "files: Deno.open": (t) => Deno.openSync(`${t.outside}/secret.txt`).readSync(new Uint8Array(9)),
  "files: a way up": (t) => Deno.readTextFile(here(`../${t.outside.split("/").at(-1)}/secret.txt`)),
  "files: through a link": () => Deno.readTextFile(here("link.txt")),
  "files: through a linked folder": () => Deno.readTextFile(here("linked/secret.txt")),
  "files: names in a folder": (t) => [...Deno.readDirSync(t.outside)].map(({ name }) => name),
  "files: node:fs": (t) => fs.readFileSync(`${t.outside}/secret.txt`, "utf8"),
  "files: node:fs stream": (t) => fs.promises.readFile(`${t.outside}/secret.txt`, "utf8"),
  "files: require": (t) => createRequire(import.meta.url)(`${t.outside}/secret.json`),
  "files: fetch of file:": async (t) => await (await fetch(secretUrl(t, "secret.txt"))).text(),
  "files: password file": () => Deno.readTextFileSync("/etc/passwd"),
  "files: environment of the parent": (t) => Deno.readTextFileSync(`/proc/${t.parent}/environ`),
  "files: a worker": (t) => workerSays(readInWorker(t)),
  "files: a worker that asks for more": (t) =>
    workerSays(readInWorker(t), { deno: { permissions: { read: true } } }),
  "files: an import in a worker": (t) =>
    workerSays(
      `import(${
        JSON.stringify(secretUrl(t, "secret.txt"))
      }, { with: { type: "text" } }).then((m) => postMessage(m.default));`,
    ),
  "files: a thread": (t) =>
    new Promise((resolve, reject) => {
      const code = `require("node:worker_threads").parentPort.postMessage(require("node:fs").readFileSync(${
        JSON.stringify(`${t.outside}/secret.txt`)
      }, "utf8"))`;
      new Thread(code, { eval: true }).once("message", resolve).once("error", reject);
    }),
  "files: asking for permission": async (t) => {
    await Deno.permissions.request({ name: "read" });
    return Deno.readTextFileSync(`${t.outside}/secret.txt`);
  },
  "network: fetch": async ({ url }) => await (await fetch(url)).text(),
  "network: import": ({ url }) => importAny(`${url}/secret.js`),
  "network: import in a data: module": ({ url }) =>
    importAny(dataModule(`export * from "${url}/secret.js";`)),
  "network: Deno.connect": async (t) => (await Deno.connect({ port: port(t) })).localAddr,
  "network: node:net": (t) =>
    new Promise((resolve, reject) => {
      const socket = net.connect(port(t), "127.0.0.1", () => resolve("connected"));
      socket.on("error", reject);
    }),
  "network: WebSocket": ({ url }) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url.replace("http", "ws"));
      socket.onopen = () => resolve("connected");
      socket.onerror = () => reject(new Error("refused"));
    }),
  "network: DNS": () => Deno.resolveDns("localhost", "A"),
  "network: listening": () => Deno.listen({ port: 0 }).addr,
  "network: Deno.serve": () => Deno.serve({ port: 0, onListen() {} }, () => new Response()).addr,
  "network: UDP": () => Deno.listenDatagram({ port: 0, transport: "udp" }).addr,
  "programs: Deno.Command": async () => (await new Deno.Command("id").output()).code,
  "programs: itself": async () =>
    (await new Deno.Command(Deno.execPath(), { args: ["--version"] }).output()).code,
  "programs: node:child_process": () => childProcess.execFileSync("id").toString(),
  "programs: signals": ({ parent }) => Deno.kill(parent, "SIGCONT"),
  "programs: node signals": ({ parent }) => process.kill(parent, "SIGCONT"),
  "libraries: Deno.dlopen": () => Deno.dlopen("libc.so.6", { getpid: { parameters: [], result: "i32" } }),
  "libraries: process.dlopen": () => process.dlopen({ exports: {} }, "libc.so.6"),
  "environment: secret": () => Deno.env.get("PROBE_SECRET") ?? refused(),
  "environment: all": () => Deno.env.toObject().PROBE_SECRET ?? refused(),
  "environment: node": () => process.env.PROBE_SECRET ?? refused(),
  "system: host name": () => Deno.hostname(),
  "system: node:os": () => os.hostname(),
  "system: network interfaces": () => Deno.networkInterfaces(),
  "writing: in the project": () => Deno.writeTextFile(here("new.txt"), "x"),
  "writing: over a file": () => Deno.writeTextFileSync(here("inference.ts"), "x", { append: true }),
  "writing: temporary file": (t) => Deno.makeTempFile({ dir: t.outside }),
  "writing: node:fs": (t) => fs.writeFileSync(`${t.outside}/new.txt`, "x"),
  "writing: a link": (t) => Deno.symlinkSync(`${t.outside}/secret.txt`, new URL("./mine", import.meta.url)),
  "writing: a hard link": (t) =>
    Deno.linkSync(`${t.outside}/secret.txt`, new URL("./mine", import.meta.url).pathname),
  "writing: removing": () => Deno.removeSync(here("packflow.jsonc")),
  "writing: localStorage": () => globalThis.localStorage.setItem("a", "b"),
  "writing: caches": () => globalThis.caches.open("a"),
  "writing: node:sqlite": async (t) => {
    const { DatabaseSync } = await import("node:sqlite");
    new DatabaseSync(`${t.outside}/new.db`).exec("create table a (b)");
  },
  "terminal: prompt": () => globalThis.prompt("Password?") ?? refused(),
  "terminal: standard input": () => Deno.stdin.readSync(new Uint8Array(9)) ?? refused(),
};

function refused(): never {
  throw new Error("nothing there");
}

export class Backend extends InferenceBackend {
  override async execute(events: Records): Promise<JsonObject[]> {
    const results: JsonObject[] = [];
    for (const event of events) results.push(await this.#probe(event));
    return results;
  }

  async #probe({ probe, ...target }: JsonObject): Promise<JsonObject> {
    if (probe === "names") return { names: Object.keys(PROBES) };
    if (probe === "allowed") {
      return {
        own: await Deno.readTextFile(here("own.txt")),
        mode: Deno.env.get("PROBE_MODE") ?? null,
        hard: await Deno.readTextFile(here("hard.txt")),
      };
    }
    try {
      const got = await PROBES[String(probe)]?.(target as unknown as Target);
      return { got: Buffer.from(String(Deno.inspect(got))).toString().slice(0, 200) };
    } catch (error) {
      return { denied: String(error).slice(0, 200) };
    }
  }
}
