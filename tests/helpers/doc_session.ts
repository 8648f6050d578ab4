/** Runs what a page has its reader type: in order, in a folder of its own, with packflow on the path. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { ROOT } from "../../scripts/run_deno.ts";
import { type DocStep, isShown } from "./doc_steps.ts";
import { inTime } from "./in_time.ts";
import { tempFolder } from "./temp_folder.ts";

/** Where `packflow serve` listens unless told otherwise, and so what pages say. */
const PORT = "127.0.0.1:8080";

/** Starts Packflow from source; servers at any free port, and their process can be found. */
const PROGRAM = `#!/bin/sh
echo $$ > "$DOC_STATE/last"
if [ "$1" = serve ]; then
  echo $$ >> "$DOC_STATE/servers"
  case " $* " in *" --port "*) ;; *) set -- "$@" --port 0 ;; esac
fi
exec "$DOC_DENO" run --quiet --allow-all "$DOC_ROOT/cli.ts" "$@"
`;

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the steps of a page; throws what the page says wrongly, with the line. */
export async function runPage(path: string, steps: readonly DocStep[]): Promise<void> {
  await using temp = await tempFolder();
  await using session = await DocSession.open(temp.path);
  for (const step of steps) {
    try {
      await session.take(step);
    } catch (error) {
      throw new Error(`${path}:${step.line}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    }
  }
}

class DocSession {
  readonly #state: string;
  /** Where the page begins: files that it shows are named from there. */
  readonly #start: string;
  /** Where its commands have gone to. */
  #folder: string;
  readonly #servers: Promise<unknown>[] = [];
  #port = PORT;

  private constructor(state: string, folder: string) {
    this.#state = state;
    this.#start = folder;
    this.#folder = folder;
  }

  /** @param temp An empty folder. */
  static async open(temp: string): Promise<DocSession> {
    const [state, folder] = [join(temp, "state"), join(temp, "reader")];
    await Deno.mkdir(join(state, "bin"), { recursive: true });
    await Deno.mkdir(folder);
    await Deno.writeTextFile(join(state, "bin", "packflow"), PROGRAM, { mode: 0o755 });
    await Deno.symlink(Deno.execPath(), join(state, "bin", "deno"));
    return new DocSession(state, folder);
  }

  async take(step: DocStep): Promise<void> {
    if (step.kind === "run") return await this.#run(step);
    const file = join(this.#start, step.path);
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeTextFile(file, step.text);
  }

  async #run({ commands, expected, isBackground, mustFail }: DocStep & { kind: "run" }): Promise<void> {
    const words = commands.replaceAll(PORT, this.#port);
    if (isBackground) return await this.#serve(words);
    const { code, stdout, stderr } = await inTime(this.#spawn(words), words).catch(async (error) => {
      await this.#stop("last");
      throw error;
    });
    const told = `${words}\nended with exit code ${code} and printed\n${stdout}${stderr}`;
    assert.equal(code !== 0, mustFail, told);
    if (expected === undefined) return;
    const shown = [stdout, stderr, stdout + stderr, stderr + stdout].some((text) => isShown(expected, text));
    assert.ok(shown, `${told}where the page shows\n${expected}`);
  }

  /** Runs commands in a shell that goes on where the last one ended: same folder, same exported variables. */
  #spawn(commands: string): Promise<Printed> {
    const script = `set -e\n. "$DOC_STATE/variables"\n${commands}\n` +
      `set +e\npwd > "$DOC_STATE/folder"\nexport -p | grep -v ' DOC_\\| PWD=\\| OLDPWD=\\| SHLVL=' > "$DOC_STATE/variables"\n`;
    const child = new Deno.Command("/bin/sh", {
      args: ["-c", `touch "$DOC_STATE/variables"\n${script}`],
      cwd: this.#folder,
      env: {
        NO_COLOR: "1",
        PATH: `${join(this.#state, "bin")}:${Deno.env.get("PATH") ?? ""}`,
        DOC_STATE: this.#state,
        DOC_DENO: Deno.execPath(),
        DOC_ROOT: ROOT,
      },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return child.output().then(async ({ code, stdout, stderr }) => {
      const folder = await Deno.readTextFile(join(this.#state, "folder")).catch(() => this.#folder);
      this.#folder = folder.trimEnd();
      const decoder = new TextDecoder();
      return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
    });
  }

  /** Runs commands of which the last starts a server, and waits until that says where it listens. */
  async #serve(commands: string): Promise<void> {
    const log = join(this.#state, `server${this.#servers.length}`);
    const printed = this.#spawn(`{\n${commands}\n} > "${log}" 2>&1`);
    this.#servers.push(printed);
    const listening = async () => {
      for (let hasEnded = false;;) {
        const text = await Deno.readTextFile(log).catch(() => "");
        const address = /http:\/\/(127\.0\.0\.1:\d+)/.exec(text)?.[1];
        if (address !== undefined) return address;
        if (hasEnded) throw new Error(`${commands}\nended, and printed\n${text}`);
        hasEnded = await Promise.race([printed.then(() => true), pause()]);
      }
    };
    this.#port = await inTime(listening(), commands);
  }

  /** Stops the programs that an entry of the state names. */
  async #stop(entry: "servers" | "last"): Promise<void> {
    const ids = await Deno.readTextFile(join(this.#state, entry)).catch(() => "");
    for (const id of ids.split("\n").filter((line) => line !== "")) {
      try {
        Deno.kill(Number(id), "SIGTERM");
      } catch {
        // it has ended by itself
      }
    }
  }

  /** Stops the servers. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop("servers");
    await Promise.all(this.#servers.map((ended) => inTime(ended, "the server")));
  }
}

/** A moment, after which to look again. */
function pause(): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), 50));
}
