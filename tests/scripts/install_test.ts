/** install.sh in the shells and with the tools that machines have, against a server of this test's own. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT } from "../../scripts/run_deno.ts";
import { isInstalled } from "../helpers/is_installed.ts";
import { writeProject } from "../helpers/project_fixture.ts";
import { type Ended, runProgram } from "../helpers/run_program.ts";

const SCRIPT = join(ROOT, "install.sh");
const TARGET = `${Deno.build.arch}-unknown-linux-gnu`;
const NAME = `packflow-${TARGET}.tar.gz`;
const ON_LINUX = Deno.build.os === "linux";

/** A program that says its version, and what lies beside it in a release. */
const FILES = {
  "bin/packflow": "#!/bin/sh\necho packflow 1.2.3\n",
  "share/man/man1/packflow.1": ".TH PACKFLOW 1\n",
};

/** A machine to install on: its home, what is on its PATH, and the release that a server there has. */
interface Machine extends AsyncDisposable {
  readonly home: string;
  /** The paths that the server was asked for. */
  readonly asked: readonly string[];
  install(options?: { shell?: readonly string[]; env?: Record<string, string> }): Promise<Ended>;
  /** Everything in the home, by path. */
  files(): Promise<Record<string, string>>;
}

interface MachineOptions {
  /** Replaces what the server answers. */
  readonly served?: Readonly<Record<string, string | Uint8Array<ArrayBuffer> | undefined>>;
  /** Programs that the machine has instead of its own, by name. */
  readonly programs?: Readonly<Record<string, string>>;
  /** If set, the machine has no other programs than these. */
  readonly only?: readonly string[];
  readonly home?: Readonly<Record<string, string>>;
}

async function machine(
  { served = {}, programs = {}, only, home = {} }: MachineOptions = {},
): Promise<Machine> {
  const place = await writeProject({
    ...Object.fromEntries(Object.entries(programs).map(([name, text]) => [`programs/${name}`, text])),
    ...Object.fromEntries(Object.entries(home).map(([path, text]) => [`home/${path}`, text])),
    "home/.keep": "",
    "programs/.keep": "",
  });
  for (const name of Object.keys(programs)) await Deno.chmod(`${place.folder}/programs/${name}`, 0o755);
  for (const name of only ?? []) await link(name, `${place.folder}/programs/${name}`);
  const release = { ...await makeRelease(), ...served };
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const path = new URL(request.url).pathname;
    asked.push(path);
    const body = release[path.replace("/releases/download/v1.2.3/", "")];
    return body === undefined ? new Response("nothing here", { status: 404 }) : new Response(body);
  });
  const path = `${place.folder}/programs${only === undefined ? `:${Deno.env.get("PATH")}` : ""}`;
  return {
    home: `${place.folder}/home`,
    asked,
    install: ({ shell = ["sh"], env = {} } = {}) =>
      runProgram([...shell, SCRIPT], {
        clearEnv: true,
        env: {
          HOME: `${place.folder}/home`,
          PATH: path,
          PACKFLOW_RELEASES: `http://127.0.0.1:${server.addr.port}/releases`,
          PACKFLOW_VERSION: "1.2.3",
          ...env,
        },
      }),
    files: () => readAll(`${place.folder}/home`),
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await place[Symbol.asyncDispose]();
    },
  };
}

async function makeRelease(): Promise<Record<string, string | Uint8Array<ArrayBuffer> | undefined>> {
  await using place = await writeProject(FILES);
  await Deno.chmod(`${place.folder}/bin/packflow`, 0o755);
  const { code, stderr } = await runProgram(["tar", "-czf", NAME, "bin", "share"], { cwd: place.folder });
  assert.equal(code, 0, stderr);
  const archive = await Deno.readFile(`${place.folder}/${NAME}`);
  return {
    [NAME]: archive,
    "SHA256SUMS": `${"0".repeat(64)}  other.tar.gz\n${await sha256(archive)}  ${NAME}\n`,
  };
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

async function link(name: string, path: string): Promise<void> {
  const { stdout } = await runProgram(["sh", "-c", 'command -v "$1"', "sh", name]);
  await Deno.symlink(stdout.trim(), path);
}

async function readAll(folder: string, under = ""): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(join(folder, under))) {
    const path = under === "" ? name : `${under}/${name}`;
    if (isDirectory) Object.assign(files, await readAll(folder, path));
    else if (name !== ".keep") files[path] = await Deno.readTextFile(join(folder, path));
  }
  return files;
}

/** What a home holds once everything is installed. */
const INSTALLED = Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`.local/${path}`, text]));

for (const shell of [["sh"], ["dash"], ["bash", "--posix"], ["busybox", "sh"]]) {
  Deno.test({
    name: `install.sh installs a release with ${shell.join(" ")}`,
    ignore: !ON_LINUX || !isInstalled(shell[0] ?? ""),
    async fn() {
      await using here = await machine();
      const { code, stdout, stderr } = await here.install({ shell });
      assert.deepEqual([code, stdout], [0, ""], stderr);
      assert.match(
        stderr,
        /^Installed packflow 1\.2\.3 to .*\/\.local\/bin\/packflow, its SHA-256 checked$/m,
      );
      assert.match(stderr, /bin is not on your PATH/);
      assert.deepEqual(await here.files(), INSTALLED);
      assert.deepEqual(here.asked.toSorted(), [
        "/releases/download/v1.2.3/SHA256SUMS",
        `/releases/download/v1.2.3/${NAME}`,
      ]);
    },
  });
}

Deno.test({
  name: "install.sh goes where it is told, replaces what is there, and says nothing of a PATH that is right",
  ignore: !ON_LINUX,
  async fn() {
    await using here = await machine({ home: { "tools/bin/packflow": "old", "tools/bin/other": "kept" } });
    const prefix = `${here.home}/tools`;
    const env = { PACKFLOW_PREFIX: prefix, PATH: `${Deno.env.get("PATH")}:${prefix}/bin` };
    const { code, stderr } = await here.install({ env });
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /PATH/);
    const files = await here.files();
    assert.equal(files["tools/bin/packflow"], FILES["bin/packflow"]);
    assert.equal(files["tools/bin/other"], "kept");
  },
});

const TOOLS = [
  "uname",
  "sed",
  "cut",
  "grep",
  "mktemp",
  "mkdir",
  "mv",
  "rm",
  "find",
  "dirname",
  "tar",
  "gzip",
  "sh",
];

for (const [fetcher, summer] of [["wget", "sha256sum"], ["curl", "shasum"], ["curl", "openssl"]] as const) {
  Deno.test({
    name: `install.sh makes do with ${fetcher} and ${summer}`,
    ignore: !ON_LINUX || !isInstalled(fetcher) || !isInstalled(summer),
    async fn() {
      await using here = await machine({
        only: [...TOOLS, fetcher, summer, ...summer === "shasum" ? ["perl"] : []],
      });
      const { code, stderr } = await here.install();
      assert.equal(code, 0, stderr);
      assert.deepEqual(await here.files(), INSTALLED);
    },
  });
}

/** Why an installation is refused, on which machine; what was there before stays, and nothing else. */
const REFUSALS: Readonly<Record<string, { on: MachineOptions; env?: Record<string, string>; says: RegExp }>> =
  {
    "an archive that was altered": {
      on: { served: { [NAME]: "not what was released" } },
      says: /SHA-256 of packflow-.* is [0-9a-f]{64} and must be [0-9a-f]{64}: it was altered/,
    },
    "a list of sums without the archive": {
      on: { served: { SHA256SUMS: `${"0".repeat(64)}  other.tar.gz\n` } },
      says: /SHA256SUMS does not name packflow-/,
    },
    "a list of sums that is no list": {
      on: { served: { SHA256SUMS: `x  ${NAME}\n` } },
      says: /SHA256SUMS does not name packflow-/,
    },
    "a release that is not there": {
      on: {},
      env: { PACKFLOW_VERSION: "9.9.9" },
      says: /cannot download .*v9\.9\.9/,
    },
    "a release without this target": { on: { served: { [NAME]: undefined } }, says: /cannot download/ },
    "a copy of the script that is of no release": {
      on: {},
      env: { PACKFLOW_RELEASES: "" },
      says: /of no release: name the address of one with PACKFLOW_RELEASES/,
    },
    "another system": {
      on: { programs: { uname: '#!/bin/sh\n[ "$1" = -s ] && echo FreeBSD || echo amd64\n' } },
      says: /no release for FreeBSD/,
    },
    "another processor": {
      on: { programs: { uname: '#!/bin/sh\n[ "$1" = -s ] && echo Linux || echo riscv64\n' } },
      says: /no release for processors of the kind riscv64/,
    },
    "a Linux with musl": {
      on: { programs: { ldd: "#!/bin/sh\necho 'musl libc (x86_64)' >&2\nexit 1\n" } },
      says: /this Linux has musl/,
    },
    "a machine without a downloader": { on: { only: TOOLS }, says: /neither curl nor wget is here/ },
    "a machine that cannot check": {
      on: { only: [...TOOLS, "curl"] },
      says: /none of sha256sum, shasum and openssl is here/,
    },
  };

for (const [name, { on, env = {}, says }] of Object.entries(REFUSALS)) {
  Deno.test({
    name: `install.sh refuses ${name}, and leaves what was there`,
    ignore: !ON_LINUX || !isInstalled("curl"),
    async fn() {
      await using here = await machine({ ...on, home: { ".local/bin/packflow": "old" } });
      const { code, stdout, stderr } = await here.install({ env });
      assert.deepEqual([code, stdout], [1, ""], stderr);
      assert.match(stderr, /^packflow was not installed: /m);
      assert.match(stderr, says);
      assert.deepEqual(await here.files(), { ".local/bin/packflow": "old" });
    },
  });
}

Deno.test({
  name: "install.sh asks for the release of another target where uname says so",
  ignore: !ON_LINUX || !isInstalled("curl"),
  async fn() {
    const uname = (system: string, processor: string) =>
      `#!/bin/sh\n[ "$1" = -s ] && echo ${system} || echo ${processor}\n`;
    const sysctl = "#!/bin/sh\necho 1\n";
    const targets = [
      [{ uname: uname("Linux", "arm64") }, "aarch64-unknown-linux-gnu"],
      [{ uname: uname("Darwin", "arm64"), sysctl: "#!/bin/sh\nexit 1\n" }, "aarch64-apple-darwin"],
      [{ uname: uname("Darwin", "x86_64"), sysctl: "#!/bin/sh\necho 0\n" }, "x86_64-apple-darwin"],
      [{ uname: uname("Darwin", "x86_64"), sysctl }, "aarch64-apple-darwin"],
    ] as const;
    for (const [programs, target] of targets) {
      await using here = await machine({ programs, served: { [NAME]: undefined } });
      assert.equal((await here.install()).code, 1);
      assert.ok(here.asked.some((path) => path.endsWith(`/packflow-${target}.tar.gz`)), here.asked.join(" "));
    }
  },
});

Deno.test({
  name: "half of install.sh does nothing: a download that breaks off installs nothing",
  ignore: !ON_LINUX,
  async fn() {
    const script = await Deno.readTextFile(SCRIPT);
    await using here = await machine();
    const whole = script.trimEnd().split("\n");
    for (const lines of [whole.length - 1, Math.floor(whole.length / 2)]) {
      const { stdout } = await runProgram(["sh"], {
        stdin: whole.slice(0, lines).join("\n"),
        env: { HOME: here.home },
      });
      assert.equal(stdout, "");
      assert.deepEqual(await here.files(), {});
    }
  },
});

Deno.test({
  name: "shellcheck finds nothing in install.sh",
  ignore: !isInstalled("shellcheck"),
  async fn() {
    const { code, stdout } = await runProgram(["shellcheck", SCRIPT]);
    assert.deepEqual([code, stdout], [0, ""]);
  },
});
