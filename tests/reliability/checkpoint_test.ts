/** Runs that are killed at any moment and go on from their checkpoint, in the real program. */
import { strictEqual } from "node:assert/strict";

const EVENTS = 100_000;
const KILLS = 30;
const CLI = new URL("../../cli.ts", import.meta.url).pathname;
const ECHO = `import { InferenceBackend, type Records } from "packflow";
export class Backend extends InferenceBackend {
  override execute(inputs: Records) {
    return inputs;
  }
}
`;

Deno.test("killed 30 times over 100,000 events, a run loses none and writes none twice", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const input = await prepare(folder);
    const random = randomFrom(20);
    const moments = Array.from({ length: KILLS }, () => 0.95 * random() * input.length).sort((a, b) => a - b);
    let again = 0;
    for (const moment of moments) again += await killedAt(folder, moment);
    const run = start(folder);
    const { code } = await run.status;
    strictEqual(code, 0);
    const output = await Deno.readTextFile(`${folder}/out.ndjson`);
    const ids = idsOf(output);
    const lost = EVENTS - new Set(ids).size;
    console.log(
      `${KILLS} kills, ${EVENTS} events: ${lost} lost, ${ids.length - new Set(ids).size} twice, ` +
        `${again} answered again after a kill`,
    );
    // Equal, so in order too.
    strictEqual(output === input, true);
    strictEqual(await exists(`${folder}/run.json`), false);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Makes the project and its input in a folder; returns the input. */
async function prepare(folder: string): Promise<string> {
  await Deno.mkdir(`${folder}/echo`);
  const manifest = { name: "echo", version: "0.1.0", backend: "inference.ts:Backend" };
  await Deno.writeTextFile(`${folder}/echo/packflow.jsonc`, JSON.stringify(manifest));
  await Deno.writeTextFile(`${folder}/echo/inference.ts`, ECHO);
  const filler = "x".repeat(200);
  const input = Array.from({ length: EVENTS }, (_, id) => `${JSON.stringify({ id, filler })}\n`).join("");
  await Deno.writeTextFile(`${folder}/in.ndjson`, input);
  return input;
}

function start(folder: string): Deno.ChildProcess {
  const files = ["--input", "in.ndjson", "--output", "out.ndjson", "--checkpoint", "run.json"];
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", CLI, "run", "echo", ...files, "--checkpoint-interval", "0", "--workers", "2"],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/**
 * Runs until the output has so many bytes, then kills; returns the number of events beyond the checkpoint, which
 * come again.
 */
async function killedAt(folder: string, bytes: number): Promise<number> {
  const watcher = Deno.watchFs(folder);
  const run = start(folder);
  const ended = run.status.then(() => watcher.close());
  // Each change is a moment; most runs change their files hundreds of times.
  for await (const { kind } of watcher) {
    if (kind !== "access" && await sizeOf(`${folder}/out.ndjson`) >= bytes) break;
  }
  try {
    run.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
  await ended;
  const { signal } = await run.status;
  strictEqual(signal, "SIGKILL", "the run was over before it was killed");
  const checkpoint = await exists(`${folder}/run.json`)
    ? JSON.parse(await Deno.readTextFile(`${folder}/run.json`)).output.position
    : 0;
  return idsOf((await Deno.readTextFile(`${folder}/out.ndjson`)).slice(checkpoint)).length;
}

function idsOf(text: string): number[] {
  return Array.from(text.matchAll(/^\{"id":(\d+),.*\}$/gm), ([, id]) => Number(id));
}

async function sizeOf(path: string): Promise<number> {
  return await exists(path) ? (await Deno.stat(path)).size : 0;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
