const STOP_MS = 30_000;

/** A process that ends with ours, however that ends. */
export class OwnedProcess {
  hasEnded = false;
  readonly #child: Deno.ChildProcess;
  /** Reads from us; when there is nobody to read from, it kills the child. */
  readonly #guard: Deno.ChildProcess;

  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    child.status.then(() => this.hasEnded = true);
    this.#guard = new Deno.Command("sh", {
      args: ["-c", 'read -r word; kill -9 "$1"', "sh", String(child.pid)],
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  signal(name: Deno.Signal): void {
    this.#child.kill(name);
  }

  /** Sends a signal and waits for the end; after half a minute it is killed. */
  async end(name: "SIGTERM" | "SIGKILL"): Promise<void> {
    if (!this.hasEnded) this.signal(name);
    const late = setTimeout(() => this.signal("SIGKILL"), STOP_MS);
    await this.#child.status;
    clearTimeout(late);
    // before the number of the process can be another one's
    this.#guard.kill("SIGKILL");
    await this.#guard.stdin.close().catch(() => {});
    await this.#guard.status;
  }
}
