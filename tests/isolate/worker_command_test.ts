import assert from "node:assert/strict";
import { hostFacts } from "../../lib/isolate/sandbox.ts";
import { workerCommand, type WorkerPlace } from "../../lib/isolate/worker_command.ts";

const PLACE: WorkerPlace = {
  folder: "/a,b",
  realFolder: "/a,b",
  closedLinks: [],
  env: { MODE: "fast" },
  isWarm: false,
  sandbox: { mode: "auto" },
};
const BINARY = { program: "/packflow", isCompiled: true, os: "linux", landlock: 7 };

Deno.test("from source a worker gets its folder and nothing else", async () => {
  const { args, env, cwd } = await workerCommand(PLACE, hostFacts());
  const allowed = args.filter((arg) => arg.startsWith("--allow"));
  assert.deepEqual(allowed.map((arg) => arg.split("=")[0]), ["--allow-read", "--allow-env"]);
  assert.match(allowed[0] ?? "", /^--allow-read=\/a,,b,/);
  assert.equal(allowed[1], "--allow-env=MODE");
  for (const flag of ["--no-prompt", "--cached-only", "--deny-import"]) assert.ok(args.includes(flag), flag);
  assert.deepEqual([env.MODE, env.PATH, cwd], ["fast", undefined, "/a,b"]);
});

Deno.test("what the user allows is added", async () => {
  const sandbox = {
    mode: "auto",
    allowNet: ["a.org", "b.org:1"],
    allowEnv: ["PATH"],
    allowRead: ["/c"],
  } as const;
  const place = { ...PLACE, sandbox, closedLinks: ["/a,b/x"] };
  const { args, env } = await workerCommand(place, hostFacts());
  for (const flag of ["--allow-net=a.org,b.org:1", "--allow-env=MODE,PATH", "--deny-read=/a,,b/x"]) {
    assert.ok(args.includes(flag), flag);
  }
  assert.ok(args.some((arg) => arg.startsWith("--allow-read=") && arg.endsWith(",/c")));
  assert.equal(env.PATH, Deno.env.get("PATH"));
  const open = await workerCommand(
    { ...PLACE, sandbox: { mode: "auto", allowNet: true, allowEnv: true } },
    hostFacts(),
  );
  for (const flag of ["--allow-net", "--allow-env"]) assert.ok(open.args.includes(flag), flag);
});

Deno.test("the compiled program starts itself, through the launcher where there is Landlock", async () => {
  const { program, args, confinement } = await workerCommand({ ...PLACE, isWarm: true }, BINARY);
  assert.deepEqual([program, ...args], ["/packflow", "__worker", "warm"]);
  assert.deepEqual(confinement, { net: false, read: ["/a,b", "/etc/localtime", "/usr/share/zoneinfo"] });
  for (const facts of [{ ...BINARY, landlock: 0 }, BINARY]) {
    const sandbox = { mode: facts.landlock === 0 ? "auto" : "off" } as const;
    const command = await workerCommand({ ...PLACE, sandbox }, facts);
    assert.deepEqual([command.args, command.confinement], [["__worker"], undefined]);
  }
});

Deno.test("without isolation everything is passed on", async () => {
  const { args, env } = await workerCommand({ ...PLACE, sandbox: { mode: "off" } }, hostFacts());
  assert.ok(args.includes("--allow-all"));
  assert.equal(env.HOME, Deno.env.get("HOME"));
});
