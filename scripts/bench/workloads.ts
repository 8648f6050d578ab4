import { join } from "node:path";
import { ROOT } from "../run_deno.ts";
import type { PackflowProgram } from "./packflow_program.ts";
import type { Peer } from "./python_peer.ts";

/** A project with its events, for both sides. */
export interface Workload {
  readonly name: string;
  /** In a table. */
  readonly title: string;
  readonly project: string;
  readonly peer: Peer;
  readonly events: string;
  readonly rows: number;
}

/** A model of tests/fixtures/models behind `packflow:OnnxBackend`, its events repeated. */
export async function modelWorkload(
  name: "phishing" | "shuttle",
  { folder, rows }: { folder: string; rows: number },
): Promise<Workload> {
  const fixture = join(ROOT, "tests", "fixtures", "models", name);
  const about: { feature_names: string[] } = JSON.parse(
    await Deno.readTextFile(join(fixture, "about.json")),
  );
  const project = join(folder, name);
  await Deno.mkdir(project);
  const model = join(project, "model.onnx");
  await Deno.copyFile(join(fixture, "model.onnx"), model);
  const config = { model: "model.onnx", featureNames: about.feature_names };
  await Deno.writeTextFile(
    join(project, "packflow.jsonc"),
    JSON.stringify({ name, backend: "packflow:OnnxBackend", config }),
  );
  const events = join(folder, `${name}.ndjson`);
  await writeRepeated(events, await readFixture(join(fixture, "events.ndjson")), rows);
  return {
    name,
    title: `model ${name}`,
    project,
    peer: { script: "onnx_peer.py", args: [model, about.feature_names.join(",")] },
    events,
    rows,
  };
}

/** A backend with code of its own: tests/bench/transform and the same in Python. */
export async function transformWorkload(
  { folder, rows }: { folder: string; rows: number },
): Promise<Workload> {
  const project = join(folder, "transform");
  await Deno.mkdir(project);
  for (const file of ["inference.ts", "packflow.jsonc"]) {
    await Deno.copyFile(join(ROOT, "tests", "bench", "transform", file), join(project, file));
  }
  const events = join(folder, "transform.ndjson");
  await Deno.writeTextFile(events, connections(rows).join(""));
  return {
    name: "transform",
    title: "TypeScript backend",
    project,
    peer: { script: "transform_peer.py", args: [] },
    events,
    rows,
  };
}

/** A project as `packflow create` makes it from the template "onnx", with one event. */
export async function templateWorkload(program: PackflowProgram, folder: string): Promise<Workload> {
  const project = join(folder, "template");
  await program.start(["create", "template", "--template", "onnx"]);
  const [event = ""] = (await Deno.readTextFile(join(project, "events.ndjson"))).split("\n");
  const events = join(folder, "one-event.ndjson");
  await Deno.writeTextFile(events, `${event}\n`);
  const features = Object.keys(JSON.parse(event));
  return {
    name: "template",
    title: "template onnx, one event",
    project,
    peer: { script: "onnx_peer.py", args: [join(project, "model.onnx"), features.join(",")] },
    events,
    rows: 1,
  };
}

/** Writes the first `rows` lines of endless repetitions of a text. */
export async function writeRepeated(path: string, text: string, rows: number): Promise<void> {
  const lines = text.trimEnd().split("\n");
  const whole = new TextEncoder().encode(`${lines.join("\n")}\n`);
  const rest = lines.slice(0, rows % lines.length).map((line) => `${line}\n`).join("");
  const file = await Deno.open(path, { write: true, create: true, truncate: true });
  const writer = file.writable.getWriter();
  for (let copies = Math.floor(rows / lines.length); copies > 0; copies--) await writer.write(whole);
  await writer.write(new TextEncoder().encode(rest));
  await writer.close();
}

/** A file of a fixture, which may be gzipped there. */
export async function readFixture(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const file = await Deno.open(`${path}.gz`);
    return await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).text();
  }
}

/** Connections as a firewall logs them: the same ones in every run. */
function connections(rows: number): string[] {
  const protocols = ["tcp", "udp", "icmp", "quic", "sctp"];
  let state = 1;
  const next = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * limit);
  };
  return Array.from({ length: rows }, (_, id) => {
    const event = {
      id,
      source: `10.0.${next(256)}.${next(256)}`,
      protocol: protocols[next(protocols.length)],
      port: next(65536),
      bytes_out: next(1_000_000),
      bytes_in: next(1_000_000),
    };
    return `${JSON.stringify(event)}\n`;
  });
}
