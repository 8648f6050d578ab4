/** What a project and a script need of the world besides Packflow: nothing, no network, no cache, no settings. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../../scripts/run_deno.ts";
import { FROM_SOURCE, packflowTests, testFromSource } from "../helpers/packflow.ts";

const test = await packflowTests();

/** Runs Deno, and answers what it printed; it must succeed. */
async function deno(args: readonly string[], cwd: string, env: Record<string, string> = {}): Promise<string> {
  const output = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const decoder = new TextDecoder();
  const text = decoder.decode(output.stdout) + decoder.decode(output.stderr);
  assert.ok(output.success, text);
  return text;
}

test("a project has the same files whichever Packflow makes it", async (packflow, cwd) => {
  await Deno.mkdir(join(cwd, "source"));
  await Promise.all([
    packflow.run(["create", "mine"], { cwd }),
    FROM_SOURCE.run(["create", "mine"], { cwd: join(cwd, "source") }),
  ]);
  const made = await readTree(join(cwd, "mine"));
  assert.ok(made.has(".packflow/packflow.js"));
  assert.deepEqual(made, await readTree(join(cwd, "source", "mine")));
});

/** The text of every file by its path. */
async function readTree(
  root: string,
  folder = "",
  files = new Map<string, string>(),
): Promise<Map<string, string>> {
  for await (const { name, isDirectory } of Deno.readDir(join(root, folder))) {
    const path = join(folder, name);
    if (isDirectory) await readTree(root, path, files);
    else files.set(path, await Deno.readTextFile(join(root, path)));
  }
  return files;
}

testFromSource(
  "a TypeScript project type-checks and passes its tests with an empty cache and no network",
  async (packflow, cwd) => {
    await packflow.run(["create", "mine"], { cwd });
    await packflow.run(["create", "stateful", "--template", "stateful"], { cwd });
    const cache = join(cwd, "cache");
    await Deno.mkdir(cache);
    // a proxy that nobody listens at: whatever asks for the network fails
    const nowhere = "http://127.0.0.1:9";
    const env = { DENO_DIR: cache, HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, NPM_CONFIG_REGISTRY: nowhere };
    for (const [name, tests] of [["mine", 4], ["stateful", 6]] as const) {
      const folder = join(cwd, name);
      await deno(["check", "--cached-only"], folder, env);
      const tested = await deno(["test", "--cached-only", "--no-check"], folder, env);
      assert.match(tested, new RegExp(`ok \\| ${tests} passed \\| 0 failed`));
    }
  },
);

const SCRIPT = `import { InferenceBackend, loadBackend, PackflowError } from "${
  pathToFileURL(join(ROOT, "mod.ts")).href
}";

class Double extends InferenceBackend {
  override execute(events: { x?: unknown }[]) {
    return events.map(({ x }) => ({ y: 2 * Number(x) }));
  }
}

await using double = await Double.create();
await using mine = await loadBackend("mine");
console.log(JSON.stringify({
  double: await double.infer({ x: 21 }),
  same: mine instanceof InferenceBackend,
  mine: await mine.infer([{ failed_attempts: 0, hour: 10 }]),
  code: await loadBackend("nothing").catch((error) => error instanceof PackflowError ? error.code : error),
}));
`;

testFromSource(
  "mod.ts imported by its path serves a script in a folder without deno.json",
  async (packflow, cwd) => {
    await packflow.run(["create", "mine"], { cwd });
    // a project without tools of its own, as one that was unpacked
    await Deno.remove(join(cwd, "mine", "deno.json"));
    await Deno.remove(join(cwd, "mine", ".packflow"), { recursive: true });
    await Deno.writeTextFile(join(cwd, "script.ts"), SCRIPT);
    const printed = JSON.parse(await deno(["run", "--quiet", "--allow-all", "script.ts"], cwd));
    assert.deepEqual({ ...printed, mine: printed.mine.length }, {
      double: { y: 42 },
      same: true,
      mine: 1,
      code: "project.not_found",
    });
    assert.equal(printed.mine[0].suspicious, false);
  },
);
