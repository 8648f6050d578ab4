import assert from "node:assert/strict";
import { BackendConfig, InferenceBackend, type Records, type Session, z } from "packflow";
import { identityModel } from "../helpers/onnx_model.ts";
import { writeProject } from "../helpers/project_fixture.ts";
import { rejects } from "../helpers/rejects.ts";
import { runModule } from "../helpers/run_module.ts";

const Limits = BackendConfig.extend({
  limit: z.number().default(1),
  labels: z.record(z.string(), z.string()).default({}),
});

/** A backend with options of its own and a field of its own. */
class Limited extends InferenceBackend<z.infer<typeof Limits>> {
  static override config = Limits;
  readonly seen: string[] = ["field"];

  override initialize() {
    this.seen.push(`initialize ${this.config.limit}`);
  }
  override execute(inputs: Records) {
    return inputs.map(({ x }) => ({ over: Number(x) > this.config.limit }));
  }
  override dispose() {
    this.seen.push("dispose");
  }
}

Deno.test("create gives the class itself, with its fields, before initialize runs", async () => {
  const backend = await Limited.create();
  assert.ok(backend instanceof Limited);
  assert.deepEqual(backend.seen, ["field", "initialize 1"]);
});

Deno.test("options: the caller's win over the manifest's, the manifest's over the defaults", async () => {
  const manifestConfig = { limit: 2, verbose: true, labels: { a: "manifest" } };
  const { config } = await Limited.create({ manifestConfig, config: { limit: 3, labels: { b: "caller" } } });
  assert.deepEqual([config.limit, config.verbose, config.onMissing], [3, true, "skip"]);
  assert.deepEqual(config.labels, { b: "caller" });
  assert.deepEqual(manifestConfig, { limit: 2, verbose: true, labels: { a: "manifest" } });
});

Deno.test("options: the file of BACKEND_CONFIG_FILE_PATH wins over every other", async () => {
  await using project = await writeProject({ "over.json": '{"configs": {"limit": 9}}' });
  const printed = await runModule(
    `
    import { InferenceBackend } from "lib/backend/inference_backend.ts";
    import { BackendConfig } from "lib/config/backend_config.ts";
    import { z } from "lib/deps/zod.ts";
    class Limited extends InferenceBackend {
      static config = BackendConfig.extend({ limit: z.number().default(1) });
      execute(inputs) { return inputs; }
    }
    const { config } = await Limited.create({ manifestConfig: { limit: 2 }, config: { limit: 3 } });
    console.log(config.limit);
  `,
    { env: { BACKEND_CONFIG_FILE_PATH: `${project.folder}/over.json` } },
  );
  assert.equal(printed, "9\n");
});

Deno.test("an unknown or wrong option is refused, whoever gives it, and no hook runs", async () => {
  let built = 0;
  class Counted extends Limited {
    override initialize() {
      built++;
    }
  }
  await rejects(
    () => Counted.create({ config: { limits: 3 } }),
    "config.unknown_option",
    /"limits".*"limit"/,
  );
  await rejects(() => Counted.create({ manifestConfig: { limit: "3" } }), "config.invalid", /"limit"/);
  assert.equal(built, 0);
});

Deno.test("the folder is absolute, and the current one by default", async () => {
  assert.equal((await Limited.create()).folder, Deno.cwd());
  assert.equal((await Limited.create({ folder: "a/../b" })).folder, `${Deno.cwd()}/b`);
  assert.equal((await Limited.create({ folder: "/tmp/" })).folder, "/tmp");
});

Deno.test("one event, a batch, metrics and checkIo give the same results", async () => {
  const backend = await Limited.create();
  const results = [{ over: true }, { over: false }];
  const events = [{ x: 2 }, { x: 1 }];
  assert.deepEqual(await backend.infer(events), results);
  assert.deepEqual(await Promise.all(events.map((event) => backend.infer(event))), results);
  assert.deepEqual((await backend.inferWithMetrics(events)).output, results);
  assert.deepEqual(await backend.checkIo(events), results);
  assert.deepEqual(await backend.checkIo({ x: 2 }), results[0]);
});

Deno.test("checkIo expects the keys of outputKeys", async () => {
  const backend = await Limited.create({ config: { outputKeys: ["over", "score"] } });
  await rejects(() => backend.checkIo({ x: 1 }), "check.io", /score/);
});

Deno.test("a backend made with new refuses to work and says how to build it", async () => {
  const { config } = await Limited.create();
  const backend = new Limited({ config, folder: "/" });
  for (const call of [() => backend.infer({ x: 1 }), () => backend.checkIo({ x: 1 })]) {
    const error = await rejects(call, "backend.not_initialized", /"Limited".*made with new$/);
    assert.equal(error.remedy, "Build it with await Limited.create()");
  }
  assert.deepEqual(backend.seen, ["field"]);
});

Deno.test("await using disposes once, also when the block throws", async () => {
  const seen: string[][] = [];
  const use = async (fails: boolean) => {
    await using backend = await Limited.create();
    seen.push(backend.seen);
    if (fails) throw new RangeError("in the block");
  };
  await use(false);
  await assert.rejects(use(true), RangeError);
  assert.deepEqual(seen, Array(2).fill(["field", "initialize 1", "dispose"]));
});

Deno.test("what dispose throws is told with the hook's name, the cause kept", async () => {
  const cause = new RangeError("still in use");
  class Stuck extends Limited {
    override dispose() {
      throw cause;
    }
  }
  const use = async () => {
    await using backend = await Stuck.create();
    return backend.seen;
  };
  const error = await rejects(use, "backend.hook_failed", /dispose.*"Stuck".*still in use/);
  assert.deepEqual([error.cause, error.place.hook], [cause, "dispose"]);
});

Deno.test("openModel opens models of the project's folder, and no others", async () => {
  class WithModel extends Limited {
    open(path: string): Promise<Session> {
      return this.openModel(path);
    }
  }
  await using project = await writeProject({ "models/m.onnx": identityModel("float32", ["N"]) });
  const backend = await WithModel.create({ folder: project.folder });
  const session = await backend.open("models/m.onnx");
  assert.deepEqual(session.inputs.map(({ name }) => name), ["x"]);
  await session.dispose();
  await rejects(() => backend.open("m.onnx"), "model.not_found", /"m.onnx"/);
  await rejects(() => backend.open("../m.onnx"), "model.outside_project", /"..\/m.onnx"/);
});
