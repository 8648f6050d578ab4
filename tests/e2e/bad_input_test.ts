/** Bad events and bad projects: a clear message that names the place, the exit code, and nothing lost. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { originalBytes } from "../../lib/stream/dead_letter.ts";
import { packflowTests } from "../helpers/packflow.ts";

const test = await packflowTests();

/** An event of the ONNX template, and its answer. */
const EVENT = {
  empty_server_form_handler: 0,
  popup_window: 0,
  https: 0,
  request_from_other_domain: 0,
  anchor_from_other_domain: 0,
  is_popular: 0.5,
  long_url: 1,
  age_of_domain: 1,
  ip_in_url: 1,
};
const GOOD = JSON.stringify(EVENT);
const { https: _, ...WITHOUT_HTTPS } = EVENT;

const BAD_EVENTS = {
  "a broken line": {
    line: '{"https": 0.5,, }',
    message: /valid JSON/,
    code: "event.invalid_json",
    at: "3:15",
  },
  "a missing field": {
    line: JSON.stringify(WITHOUT_HTTPS),
    message: /field "https"/,
    code: "event.missing_field",
    at: "3:1",
  },
  "a wrong type": {
    line: JSON.stringify({ ...EVENT, https: "yes" }),
    message: /"https" must be a number: current value is "yes"/,
    code: "event.wrong_type",
    at: "3:1",
  },
  "no object": { line: "[1, 2]", message: /must be an? (JSON )?object/, code: "event.not_object", at: "3:1" },
};

test("the first bad event ends a run, is told with its place, and is kept", async (packflow, cwd) => {
  await packflow.run(["create", "mine", "--template", "onnx"], { cwd });
  await Promise.all(
    Object.values(BAD_EVENTS).map(async ({ line, message, code, at }) => {
      const [input, letters] = [`${code}.in`, `${code}.dead`];
      await Deno.writeTextFile(join(cwd, input), [GOOD, GOOD, line, GOOD, line, ""].join("\n"));
      const { stdout, stderr } = await packflow.run([
        "run",
        "mine",
        "--input",
        input,
        "--dead-letter",
        letters,
      ], {
        cwd,
        code: 3,
      });
      assert.deepEqual(labels(stdout), [1, 1]);
      assert.match(stderr, message);
      assert.ok(stderr.includes(`[${code}]\n  at ${input}:${at}\n  help: `), stderr);
      assert.match(stderr, /\n3 events in, 2 answers out, 1 failed, 1 in dead letters in/);
      assert.deepEqual(await readLetters(join(cwd, letters)), [{ name: input, at: 3, code, record: line }]);
    }),
  );
});

test("with skip and emit the good events around the bad ones are answered", async (packflow, cwd) => {
  await packflow.run(["create", "mine", "--template", "onnx"], { cwd });
  const bad = Object.values(BAD_EVENTS);
  const stdin = bad.map(({ line }) => `${GOOD}\n${line}\n`).join("") + GOOD;
  const run = (policy: string) =>
    packflow.run(["run", "mine", "--on-error", policy, "--dead-letter", policy], { cwd, stdin, code: 3 });
  const [skip, emit] = await Promise.all([run("skip"), run("emit")]);
  assert.deepEqual(labels(skip.stdout), [1, 1, 1, 1, 1]);
  assert.match(skip.stderr, /^9 events in, 5 answers out, 4 failed, 4 in dead letters in/);
  assert.deepEqual(labels(emit.stdout), [...bad.flatMap(({ code }) => [1, code]), 1]);
  assert.match(emit.stderr, /^9 events in, 9 answers out, 4 failed in/);
  const letters = bad.map(({ line, code }, at) => ({ name: "-", at: 2 * at + 2, code, record: line }));
  for (const policy of ["skip", "emit"]) assert.deepEqual(await readLetters(join(cwd, policy)), letters);
});

/** Of each dead letter what it is about. */
async function readLetters(path: string): Promise<unknown[]> {
  const text = await Deno.readTextFile(path);
  return text.trimEnd().split("\n").map((line) => {
    const { source: { name, line: at }, code } = JSON.parse(line);
    const record = new TextDecoder().decode(originalBytes(line));
    return { name, at, code, record };
  });
}

test("an input that ends amid an event, or never was one, says so", async (packflow, cwd) => {
  await packflow.run(["create", "mine", "--template", "onnx"], { cwd });
  const run = (stdin: string, code: number) => packflow.run(["run", "mine"], { cwd, stdin, code });
  const [cut, array, empty] = await Promise.all([
    run(`${GOOD}\n${GOOD.slice(0, 40)}`, 3),
    run(`[${GOOD}, ${GOOD}`, 3),
    run("", 0),
  ]);
  assert.equal(labels(cut.stdout).length, 1);
  assert.match(cut.stderr, /event\.invalid_json\]\n {2}at .*:2:41\n/);
  assert.match(array.stderr, /event\.invalid_json\]/);
  assert.equal(empty.stdout, "");
  assert.match(empty.stderr, /^0 events in, 0 answers out/);
});

/** Changes to the ONNX template that stop it from loading, and what must be said. */
const BAD_PROJECTS: Readonly<Record<string, BadProject>> = {
  "a misspelt option": {
    break: (folder) => edit(folder, "featureNames", "featureName"),
    message: /"featureName" .*did you mean "featureNames"[^]*\[config\.unknown_option\]/,
  },
  "a missing model": {
    break: (folder) => Deno.remove(join(folder, "model.onnx")),
    message: /model\.onnx[^]*\[model\.not_found\]/,
  },
  "a model that is no ONNX": {
    break: (folder) => Deno.writeTextFile(join(folder, "model.onnx"), "<html>not found</html>"),
    message: /model\.onnx[^]*\[model\.invalid\]/,
  },
  "a manifest that is no JSON": {
    break: (folder) =>
      Deno.writeTextFile(join(folder, "packflow.jsonc"), '{\n  "name": "mine",\n  "version"\n}'),
    message: /\[manifest\.syntax\]\n {2}at packflow\.jsonc:4:1\n/,
  },
  "a manifest with several problems": {
    break: (folder) =>
      Deno.writeTextFile(
        join(folder, "packflow.jsonc"),
        '{\n  "name": "1mine",\n  "versoin": "0.1.0",\n  "config": 7\n}',
      ),
    message: new RegExp(
      [
        /current value is "1mine" \[manifest\.invalid\]\n {2}at packflow\.jsonc:2:11\n/,
        /did you mean "version" \[manifest\.unknown_key\]\n {2}at packflow\.jsonc:3:3\n/,
        /\[manifest\.invalid\]\n {2}at packflow\.jsonc:4:13\n/,
      ].map(({ source }) => source).join("[^]*"),
    ),
  },
};

interface BadProject {
  readonly message: RegExp;
  break(folder: string): Promise<void>;
}

test(
  "a broken project is told by run, validate and package, with place and remedy",
  async (packflow, cwd) => {
    await packflow.run(["create", "mine", "--template", "onnx"], { cwd });
    const kept = await Promise.all(["packflow.jsonc", "model.onnx"].map(async (file) => {
      const path = join(cwd, "mine", file);
      return { path, data: await Deno.readFile(path) };
    }));
    for (const [what, { break: breakProject, message }] of Object.entries(BAD_PROJECTS)) {
      for (const { path, data } of kept) await Deno.writeFile(path, data);
      await breakProject(join(cwd, "mine"));
      const finished = await Promise.all([
        packflow.run(["run", "mine"], { cwd, stdin: GOOD, code: 4 }),
        packflow.run(["validate", "mine"], { cwd, code: 1 }),
        packflow.run(["package", "mine"], { cwd, code: 1 }),
      ]);
      for (const { stdout, stderr } of finished) {
        assert.match(stderr, message, what);
        assert.match(stderr, /\n {2}help: \S/);
        assert.doesNotMatch(stderr, /internal\.|\bat (async )?\w+ \(|Uncaught/);
        assert.equal(stdout, "");
      }
      assert.deepEqual(await Array.fromAsync(Deno.readDir(cwd), ({ name }) => name), ["mine"]);
    }
  },
);

test("a package cannot be made in vain, a project not twice, nor under a bad name", async (packflow, cwd) => {
  await packflow.run(["create", "mine"], { cwd });
  await Deno.writeTextFile(join(cwd, "mine", "inference.ts"), "mine");
  const [again, forced, ...named] = await Promise.all([
    packflow.run(["create", "mine"], { cwd, code: 1 }),
    packflow.run(["create", "mine", "--force"], { cwd, code: 1 }),
    ...["1st", "a/b", "../up", "", "modèle"].map((name) => packflow.run(["create", name], { cwd, code: 2 })),
  ]);
  assert.match(again.stderr, /it is a folder \[create\.exists\]\n {2}help: .*--force/);
  assert.match(forced.stderr, /"inference\.ts" differs \[create\.files_differ\]/);
  for (const { stderr } of named) assert.match(stderr, /name must start with a letter.*\[usage\.invalid\]/);
  const odd = await packflow.run(["create", "odd", "--from", join(cwd, "mine", "README.md")], {
    cwd,
    code: 4,
  });
  assert.match(odd.stderr, /README\.md.*\[model\.invalid\]/);
  // nothing was left behind, nothing overwritten
  assert.deepEqual(await Array.fromAsync(Deno.readDir(cwd), ({ name }) => name), ["mine"]);
  assert.equal(await Deno.readTextFile(join(cwd, "mine", "inference.ts")), "mine");
});

/** Of each answer its label, or the code of the error in its place. */
function labels(ndjson: string): unknown[] {
  return ndjson.split("\n").filter((line) => line !== "").map((line) => {
    const answer = JSON.parse(line);
    return answer.label ?? answer.error.code;
  });
}

async function edit(folder: string, from: string, to: string): Promise<void> {
  const path = join(folder, "packflow.jsonc");
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, text.replaceAll(`"${from}"`, () => `"${to}"`));
}
