import assert from "node:assert/strict";
import { join } from "node:path";
import { readArguments, release } from "../../scripts/release.ts";
import { buildRelease, SBOM } from "../../scripts/release/build_release.ts";
import { isVersion, releaseNotes, releaseProblems } from "../../scripts/release/checks.ts";
import { archiveName, isProgramFor, type Target, TARGETS } from "../../scripts/release/targets.ts";
import { ROOT } from "../../scripts/run_deno.ts";
import { binary } from "../helpers/binary.ts";
import { cyclonedxProblems } from "../helpers/cyclonedx.ts";
import { git as runGit } from "../helpers/git.ts";
import { isInstalled } from "../helpers/is_installed.ts";
import { runProgram } from "../helpers/run_program.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const built = await binary();

const CHANGELOG = `# Changelog

## [Unreleased]

## [1.2.3] - 2030-01-31

### Added

- A thing.

## [1.2.2] - 2030-01-01

- Another.

[1.2.3]: https://example.org/1.2.3
`;

/** A repository that is ready to be released as 1.2.3. */
async function repository(files: Readonly<Record<string, string>> = {}) {
  const folder = await tempFolder();
  const all = { "deno.json": '{ "version": "1.2.3" }', "CHANGELOG.md": CHANGELOG, ...files };
  for (const [path, text] of Object.entries(all)) await Deno.writeTextFile(join(folder.path, path), text);
  const author = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
  const git = (...args: string[]) => runGit(folder.path, ...author, ...args);
  await git("init", "--quiet");
  await git("add", ".");
  await git("commit", "--quiet", "--message", "all");
  return { root: folder.path, git, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

Deno.test("a repository that is ready has no problems, also when its tag is set already", async () => {
  await using ready = await repository();
  assert.deepEqual(await releaseProblems({ root: ready.root, version: "1.2.3" }), []);
  await ready.git("tag", "v1.2.3");
  assert.deepEqual(await releaseProblems({ root: ready.root, version: "1.2.3" }), []);
});

Deno.test("a release is refused for each thing that is not ready, all at once", async () => {
  await using dirty = await repository({
    "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n- Not yet moved.\n",
  });
  await Deno.writeTextFile(join(dirty.root, "new.ts"), "");
  assert.deepEqual(await releaseProblems({ root: dirty.root, version: "1.2.4" }), [
    'deno.json says version "1.2.3", not "1.2.4"',
    'CHANGELOG.md has no entry "## [1.2.4] - YYYY-MM-DD"',
    "the tree has changes that are not committed: new.ts",
  ]);
  const cases = [
    [CHANGELOG.replace("### Added\n\n- A thing.", ""), "the entry of 1.2.3 in CHANGELOG.md says nothing"],
    [CHANGELOG.replace(" - 2030-01-31", ""), 'CHANGELOG.md has no entry "## [1.2.3] - YYYY-MM-DD"'],
    [
      CHANGELOG.replace("## [Unreleased]", "## [Unreleased]\n\n- Left."),
      "CHANGELOG.md has changes under [Unreleased]: move them to 1.2.3",
    ],
  ] as const;
  for (const [changelog, problem] of cases) {
    await using repo = await repository({ "CHANGELOG.md": changelog });
    assert.deepEqual(await releaseProblems({ root: repo.root, version: "1.2.3" }), [problem]);
  }
  await using released = await repository();
  await released.git("tag", "v1.2.3");
  await released.git("commit", "--quiet", "--allow-empty", "--message", "more");
  assert.deepEqual(await releaseProblems({ root: released.root, version: "1.2.3" }), [
    "v1.2.3 is released already, from another commit",
  ]);
});

Deno.test("a dry run checks, runs the gate and makes nothing; a failing gate refuses", async () => {
  await using ready = await repository();
  const options = { root: ready.root, releases: "", targets: TARGETS, isDry: true };
  const attempt = async (version: string, gate: [string, ...string[]]) => {
    const lines: string[] = [];
    const made = await release({ ...options, version, gate, say: (line) => lines.push(line) });
    return { made, lines };
  };
  const gate: [string, ...string[]] = [Deno.execPath(), "eval", "--quiet", "Deno.exit(0)"];
  assert.deepEqual(await attempt("1.2.3", gate), {
    made: true,
    lines: [
      `The gate: ${gate.join(" ")}`,
      `packflow 1.2.3 could be released for ${TARGETS.join(", ")}; nothing was made`,
    ],
  });
  const failing = await attempt("1.2.3", [Deno.execPath(), "eval", "--quiet", "Deno.exit(1)"]);
  assert.deepEqual([failing.made, failing.lines.at(-1)], [false, "refused: the gate failed"]);
  // no gate is run for what cannot be released anyway
  const early = await attempt("9.9.9", ["/no/such/gate"]);
  assert.deepEqual([early.made, early.lines.length], [false, 2]);
  assert.deepEqual(
    await Array.fromAsync(Deno.readDir(ready.root), ({ name }) => name).then((names) => names.sort()),
    [
      ".git",
      "CHANGELOG.md",
      "deno.json",
    ],
  );
});

Deno.test("the command line is a version, and targets that exist", () => {
  const releases = "https://example.org/releases";
  assert.deepEqual(readArguments(["v1.2.3", "--dry-run"]), {
    version: "1.2.3",
    releases: "",
    targets: [...TARGETS],
    isDry: true,
  });
  const one = ["1.2.3", "--releases", releases, "--target", "x86_64-apple-darwin"];
  assert.deepEqual(readArguments(one), {
    version: "1.2.3",
    releases,
    targets: ["x86_64-apple-darwin"],
    isDry: false,
  });
  for (const args of [[], ["1.2.3"], ["1.2.3", "4"], [...one, "--target", "vax"], ["1.2.3", "--wet"]]) {
    assert.equal(readArguments(args), undefined, args.join(" "));
  }
});

Deno.test("a version is one of Semantic Versioning; its notes are what the changelog says of it alone", () => {
  for (const good of ["0.1.0", "1.20.3", "1.0.0-rc.1", "1.0.0-0a"]) assert.ok(isVersion(good), good);
  for (const bad of ["1", "1.2", "v1.2.3", "01.2.3", "1.2.3-01", "1.2.3-", "1.2.3+b", ""]) {
    assert.ok(!isVersion(bad), bad);
  }
  assert.equal(releaseNotes(CHANGELOG, "1.2.3"), "### Added\n\n- A thing.");
  assert.equal(releaseNotes(CHANGELOG, "1.2.2"), "- Another.");
  assert.equal(releaseNotes(CHANGELOG, "1x2.3"), undefined);
});

/** The first bytes of a program for a target. */
function programFor(target: Target): Uint8Array {
  const head = new Uint8Array(256);
  const view = new DataView(head.buffer);
  const isArm = target.startsWith("aarch64");
  if (target.includes("linux")) {
    view.setUint32(0, 0x7f454c46);
    view.setUint16(18, isArm ? 183 : 62, true);
  } else if (target.includes("darwin")) {
    view.setUint32(0, 0xfeedfacf, true);
    view.setUint32(4, isArm ? 0x0100000c : 0x01000007, true);
  } else {
    view.setUint16(0, 0x4d5a);
    view.setUint32(0x3c, 128, true);
    view.setUint32(128, 0x50450000);
    view.setUint16(132, 0x8664, true);
  }
  return head;
}

Deno.test("a program is known to be for its target, and for no other", async () => {
  for (const target of TARGETS) {
    assert.deepEqual(TARGETS.filter((each) => isProgramFor(each, programFor(target))), [target]);
  }
  const own = (await Deno.readFile(Deno.execPath())).subarray(0, 4096);
  assert.equal(TARGETS.filter((each) => isProgramFor(each, own)).length, 1);
});

Deno.test("a release has a program for each target, sums that hold, a bill of materials, an installer of its own", async () => {
  await using folder = await tempFolder();
  const output = join(folder.path, "release");
  const names = await buildRelease({
    root: ROOT,
    version: "1.2.3",
    targets: TARGETS,
    output,
    releases: "https://example.org/releases",
    async compile(target) {
      const path = join(folder.path, target);
      await Deno.writeFile(path, programFor(target));
      return path;
    },
  });
  assert.deepEqual(names, [...TARGETS.map(archiveName), SBOM, "install.sh", "SHA256SUMS"]);
  assert.deepEqual(
    (await Array.fromAsync(Deno.readDir(output), ({ name }) => name)).sort(),
    names.toSorted(),
  );
  const sums = await Deno.readTextFile(join(output, "SHA256SUMS"));
  assert.equal(sums.match(/^[0-9a-f]{64} {2}\S+$/gm)?.length, names.length - 1);
  const installer = await Deno.readTextFile(join(output, "install.sh"));
  assert.match(installer, /^RELEASES='https:\/\/example\.org\/releases'\nVERSION='1\.2\.3'$/m);
  assert.deepEqual(await cyclonedxProblems(JSON.parse(await Deno.readTextFile(join(output, SBOM)))), []);
  const windows = archiveName("x86_64-pc-windows-msvc");
  const { code, stdout, stderr } = await runProgram(["tar", "-tvzf", windows], { cwd: output });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^-rwxr-xr-x .* bin\/packflow\.exe$/m);
  assert.match(stdout, /^-rw-r--r-- .* share\/man\/man1\/packflow\.1$/m);
});

Deno.test("a program for another target than the one asked for is refused", async () => {
  await using folder = await tempFolder();
  const parts = { root: ROOT, version: "1.2.3", output: folder.path, releases: "https://example.org" };
  const targets = ["aarch64-apple-darwin"] as const;
  const compile = () => Promise.resolve(Deno.execPath());
  await assert.rejects(
    buildRelease({ ...parts, targets, compile }),
    /is no program for aarch64-apple-darwin/,
  );
  await assert.rejects(
    buildRelease({ ...parts, targets: [], compile, releases: "https://x/'; rm -rf ~" }),
    /The address of the releases must be one/,
  );
});

Deno.test({
  name: "the program of a release, put there by its own install.sh, runs",
  ignore: typeof built !== "string" || Deno.build.target !== "x86_64-unknown-linux-gnu" ||
    !isInstalled("curl"),
  async fn() {
    assert.ok(typeof built === "string");
    await using folder = await tempFolder();
    const output = join(folder.path, "release");
    await using server = serveFolder(output);
    await buildRelease({
      root: ROOT,
      version: "1.2.3",
      targets: ["x86_64-unknown-linux-gnu"],
      output,
      releases: `${server.url}/releases`,
      compile: () => Promise.resolve(built),
    });
    const env = { HOME: folder.path };
    const installed = await runProgram(["sh", join(output, "install.sh")], { env });
    assert.equal(installed.code, 0, installed.stderr);
    const program = join(folder.path, ".local", "bin", "packflow");
    const { stdout } = await runProgram([program, "--version"], { env: { PATH: "" }, clearEnv: true });
    assert.match(stdout, /^packflow \d+\.\d+\.\d+/);
    const tried = await runProgram(["sh", join(ROOT, "scripts", "release", "try_program.sh"), program]);
    assert.equal(tried.code, 0, tried.stderr);
    assert.match(tried.stdout, /\nok: +20 answers, the same from the folder and from its package\n$/);
    const files = [
      "share/bash-completion/completions/packflow",
      "share/fish/vendor_completions.d/packflow.fish",
      "share/man/man1/packflow.1",
      "share/zsh/site-functions/_packflow",
    ];
    for (const file of files) {
      assert.ok((await Deno.stat(join(folder.path, ".local", file))).size > 1000, file);
    }
  },
});

/** A server of the files of a folder, whatever the folders in the address. */
function serveFolder(folder: string): { url: string } & AsyncDisposable {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const name = new URL(request.url).pathname.split("/").at(-1) ?? "";
    return new Response((await Deno.open(join(folder, name))).readable);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
