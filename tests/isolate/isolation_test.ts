import assert from "node:assert/strict";
import { fromFileUrl } from "../../lib/host/path.ts";
import { answer, type Host, isolationHosts, refusal, setupFor, witness } from "../helpers/isolation.ts";
import { writeProject } from "../helpers/project_fixture.ts";

const SECRET = "the-secret-outside";
const PROBES = fromFileUrl(import.meta.resolve("./probe_project"));

/** A folder with a project of probes and one outside of it, and a server; gone at the end of the block. */
async function probeWorld() {
  const read = (file: string) => Deno.readTextFile(`${PROBES}/${file}`);
  const files = await writeProject({
    "outside/secret.txt": SECRET,
    "outside/secret.json": JSON.stringify({ secret: SECRET }),
    "outside/secret.js": `export default "${SECRET}";`,
    "project/packflow.jsonc": await read("packflow.jsonc"),
    "project/inference.ts": await read("inference.ts"),
    "project/own.txt": "its own",
    "project/inside.txt": "linked",
  });
  const { folder } = files;
  const project = `${folder}/project`;
  await Deno.symlink(`${folder}/outside/secret.txt`, `${project}/link.txt`);
  await Deno.symlink(`${folder}/outside/secret.js`, `${project}/link.js`);
  await Deno.symlink(`${folder}/outside`, `${project}/linked`);
  await Deno.link(`${folder}/outside/secret.txt`, `${project}/hard.txt`);
  let requests = 0;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    requests++;
    return new Response(`export default "${SECRET}";`, { headers: { "content-type": "text/javascript" } });
  });
  return {
    project,
    target: { outside: `${folder}/outside`, url: `http://127.0.0.1:${server.addr.port}`, parent: Deno.pid },
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await files[Symbol.asyncDispose]();
    },
  };
}

interface Tally {
  readonly leaks: string[];
  readonly counts: Map<string, { denied: number; all: number }>;
}

async function runProbes(host: Host, mode: "auto" | "off" = "auto"): Promise<Tally> {
  await using world = await probeWorld();
  const setup = await setupFor(world.project, host, { mode });
  await using first = witness(setup);
  const { names } = await answer(first.worker, { probe: "names" });
  assert.ok(Array.isArray(names));
  const tally: Tally = { leaks: [], counts: new Map() };
  let seen = first;
  for (const name of names.map(String)) {
    const { got } = await answer(seen.worker, { probe: name, ...world.target }).catch((error) => {
      // Some attempts make Deno end the process.
      assert.equal(error.code, "worker.exited", `${host.name}, ${name}: ${error.message}`);
      seen = witness(setup);
      return { got: undefined };
    });
    const kind = name.slice(0, name.indexOf(":"));
    const { denied = 0, all = 0 } = tally.counts.get(kind) ?? {};
    tally.counts.set(kind, { denied: denied + (got === undefined ? 1 : 0), all: all + 1 });
    if (got !== undefined) tally.leaks.push(`${name} got ${got}`);
  }
  if (mode === "off") return tally;
  assert.equal(world.requests(), 0, "the server was reached");
  // What a hard link leads to is a file of the project: who can make one there can copy the file as well.
  const allowed = await answer(seen.worker, { probe: "allowed" });
  assert.deepEqual(allowed, { own: "its own", mode: "careful", hard: SECRET });
  seen.worker.kill();
  return tally;
}

const hosts = await isolationHosts();
Deno.env.set("PROBE_SECRET", SECRET);

Deno.test("X1, X3: project code reaches nothing outside of its project, and its own files", async () => {
  const columns: { name: string; tally: Tally }[] = [];
  for (const host of hosts) columns.push({ name: host.name, tally: await runProbes(host) });
  const kinds = [...columns[0]?.tally.counts.keys() ?? []];
  const rows = kinds.map((kind) => {
    const cells = columns.map(({ name, tally }) => {
      const { denied = 0, all = 0 } = tally.counts.get(kind) ?? {};
      return `${name} ${denied} of ${all}`.padEnd(18);
    });
    return `  ${kind.padEnd(12)} ${cells.join("")}`;
  });
  console.log(`denied:\n${rows.join("\n")}`);
  assert.deepEqual(columns.flatMap(({ name, tally }) => tally.leaks.map((leak) => `${name}: ${leak}`)), []);
});

for (const host of hosts) {
  Deno.test(`the probes do reach all that where nothing is isolated (${host.name})`, async () => {
    const { leaks, counts } = await runProbes(host, "off");
    const all = counts.values().reduce((sum, count) => sum + count.all, 0);
    console.log(`${host.name}, not isolated: ${leaks.length} of ${all} probes reach their aim`);
    // Nobody sits at a terminal, and not every version of Deno can do all of it.
    assert.ok(leaks.length >= 40, leaks.join("\n"));
  });

  Deno.test(`without Landlock only files leak, which the warning says (${host.name})`, async () => {
    if (!host.facts.isCompiled) return assert.deepEqual((await setupFor(PROBES, host)).missing, []);
    const bare = { name: "binary without Landlock", facts: { ...host.facts, landlock: 0 } };
    const { leaks } = await runProbes(bare);
    console.log(`${bare.name}: ${leaks.length} probes of files reach their aim`);
    assert.deepEqual(leaks.filter((leak) => !leak.startsWith("files:")), []);
    assert.match((await setupFor(PROBES, bare)).missing.join(), /the kernel does not offer Landlock/);
  });

  Deno.test(`X4: strict refuses to run where protection is missing (${host.name})`, async () => {
    await using project = await writeProject({ "packflow.jsonc": '{"name": "a"}', "inference.ts": "" });
    const facts = { ...host.facts, isCompiled: true, landlock: 0 };
    const bare = { name: "bare", facts };
    assert.match(
      await refusal(setupFor(project.folder, bare, { mode: "strict" })),
      /^worker.sandbox_unavailable: .*reading files: the kernel does not offer Landlock/,
    );
    assert.equal((await setupFor(project.folder, bare, { mode: "auto" })).missing.length, 1);
    assert.deepEqual((await setupFor(project.folder, host, { mode: "strict" })).missing, []);
  });

  Deno.test(`X4: a worker whose launcher cannot isolate it does not run (${host.name})`, async () => {
    if (!host.facts.isCompiled) return assert.equal(host.facts.landlock, 0);
    await using world = await probeWorld();
    const setup = await setupFor(world.project, host);
    // Landlock has no rules for pipes.
    const place = { ...setup.place, sandbox: { mode: "auto", allowRead: ["/proc/self/fd/0"] } } as const;
    await using seen = witness({ ...setup, place });
    assert.match(
      await refusal(seen.worker.ready),
      /^worker.sandbox_unavailable: Cannot isolate the project: Cannot add "\/proc\/self\/fd\/0" to a Landlock ruleset$/,
    );
  });
}
